using System.Globalization;
using Azure.Data.Tables;

namespace CreditGrains.Silo.Clustering.AzureTables;

/// <summary>Members and the table's version as entities. The format is on disk, and silos of two builds share it.</summary>
/// <remarks>
/// PartitionKey: the cluster's name. RowKey: a silo's address with its generation, or <c>version</c>. Times are text, because a member may have one
/// before 1601, where the service's own begin.
/// </remarks>
internal static class MemberRows
{
    /// <summary>The row whose ETag every change of membership must match: it is what makes changes one after another.</summary>
    internal const string VersionRow = "version";

    private const char BetweenSuspicions = '|';
    private const char BetweenParts = ',';

    internal static string RowKey(SiloAddress silo) => silo.ToParsableString();

    internal static TableEntity ToEntity(string cluster, MembershipEntry member) => new(cluster, RowKey(member.SiloAddress))
    {
        ["Status"] = member.Status.ToString(),
        ["SiloName"] = member.SiloName,
        ["HostName"] = member.HostName,
        ["RoleName"] = member.RoleName,
        ["ProxyPort"] = member.ProxyPort,
        ["UpdateZone"] = member.UpdateZone,
        ["FaultZone"] = member.FaultZone,
        ["StartTime"] = Text(member.StartTime),
        ["IAmAliveTime"] = Text(member.IAmAliveTime),
        ["SuspectTimes"] = member.SuspectTimes is { } suspicions
            ? string.Join(BetweenSuspicions, suspicions.Select(suspicion => suspicion.Item1.ToParsableString() + BetweenParts + Text(suspicion.Item2)))
            : null,
    };

    /// <summary>Makes the one property that a sign of life changes.</summary>
    internal static TableEntity ToSignOfLife(string cluster, MembershipEntry member) =>
        new(cluster, RowKey(member.SiloAddress)) { ["IAmAliveTime"] = Text(member.IAmAliveTime) };

    internal static TableEntity ToEntity(string cluster, TableVersion version) => new(cluster, VersionRow) { ["Version"] = version.Version };

    internal static TableVersion ToVersion(TableEntity entity) => new(entity.GetInt32("Version") ?? 0, entity.ETag.ToString());

    internal static MembershipEntry ToMember(TableEntity entity) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(entity.RowKey),
        Status = Enum.Parse<SiloStatus>(entity.GetString("Status")),
        SiloName = entity.GetString("SiloName"),
        HostName = entity.GetString("HostName"),
        RoleName = entity.GetString("RoleName"),
        ProxyPort = entity.GetInt32("ProxyPort") ?? 0,
        UpdateZone = entity.GetInt32("UpdateZone") ?? 0,
        FaultZone = entity.GetInt32("FaultZone") ?? 0,
        StartTime = Time(entity.GetString("StartTime")),
        IAmAliveTime = Time(entity.GetString("IAmAliveTime")),
        SuspectTimes = entity.GetString("SuspectTimes") is { } suspicions
            ?
            [
                .. suspicions.Split(BetweenSuspicions, StringSplitOptions.RemoveEmptyEntries)
                    .Select(suspicion => suspicion.Split(BetweenParts))
                    .Select(parts => Tuple.Create(SiloAddress.FromParsableString(parts[0]), Time(parts[1]))),
            ]
            : null,
    };

    /// <summary>Tells when a member was last heard of, or suspected.</summary>
    internal static DateTime LastHeardOf(MembershipEntry member) =>
        (member.SuspectTimes ?? []).Select(suspicion => suspicion.Item2).Append(member.StartTime).Append(member.IAmAliveTime).Max();

    private static string Text(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
