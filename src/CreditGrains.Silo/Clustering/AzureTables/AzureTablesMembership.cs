using System.ComponentModel.DataAnnotations;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace CreditGrains.Silo.Clustering.AzureTables;

/// <summary>The members of a cluster in a table: one partition a cluster, one row a silo, and one row for the version of the whole.</summary>
/// <remarks>
/// <para>
/// Every change of membership is one transaction that also replaces the version row under the ETag that the silo read. So changes come one after
/// another, and a silo that decided on an old view is told <see langword="false"/>. The silo's own row is only required to exist: a sign of life
/// changes its ETag too, and must not fail anybody's change.
/// </para>
/// <para>
/// Changes are sent once. What became of one that got no answer is unknown; it throws, and the runtime reads the table again before it tries again.
/// </para>
/// </remarks>
internal sealed class AzureTablesMembership : IMembershipTable
{
    // The service's own: learn.microsoft.com, "Performing entity group transactions" and "Query timeout and pagination".
    private const int MaxEntitiesPerTransaction = 100;
    private const int MaxPageRows = 1000;

    private const int ReadRetries = 3;
    private const int MaxTornReads = 5;

    private readonly string _cluster;
    private readonly TableClient _changes;
    private readonly TableClient _reads;

    /// <summary>Makes the table's client; nothing is sent yet.</summary>
    /// <param name="options">Which table.</param>
    /// <param name="cluster">Which cluster.</param>
    /// <exception cref="ValidationException">The options are not valid, or the cluster's name cannot be a key.</exception>
    public AzureTablesMembership(AzureTablesMembershipOptions options, IOptions<ClusterOptions> cluster)
    {
        Validator.ValidateObject(options, new(options), validateAllProperties: true);
        _cluster = cluster.Value.ClusterId;
        if (_cluster is not { Length: > 0 and <= 256 } || !_cluster.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            throw new ValidationException("A cluster's name has 1 to 256 letters, digits, hyphens, underscores and dots.");

        _changes = Client(options, retries: 0);
        _reads = Client(options, ReadRetries);
    }

    /// <inheritdoc/>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default)
    {
        await _reads.CreateIfNotExistsAsync(cancellationToken);
        if (!tryInitTableVersion) return;
        try
        {
            await _reads.AddEntityAsync(MemberRows.ToEntity(_cluster, new TableVersion(0, "")), cancellationToken);
        }
        catch (RequestFailedException there) when (there.ErrorCode == "EntityAlreadyExists")
        {
            // Another silo began the cluster, or an earlier start of this one.
        }
    }

    /// <inheritdoc/>
    public async Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default)
    {
        var keys = new List<TableEntity>();
        await foreach (var entity in _reads.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {clusterId}"), MaxPageRows, ["PartitionKey", "RowKey"], cancellationToken)) keys.Add(entity);
        foreach (var some in keys.Chunk(MaxEntitiesPerTransaction))
            await _changes.SubmitTransactionAsync(some.Select(entity => new TableTransactionAction(TableTransactionActionType.Delete, entity, ETag.All)), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default)
    {
        await foreach (var entity in _reads.QueryAsync<TableEntity>(OfCluster, MaxPageRows, null, cancellationToken))
        {
            if (entity.RowKey == MemberRows.VersionRow) continue;
            var member = MemberRows.ToMember(entity);
            if (member.Status != SiloStatus.Dead || MemberRows.LastHeardOf(member) >= beforeDate.UtcDateTime) continue;
            try
            {
                await _changes.DeleteEntityAsync(_cluster, entity.RowKey, entity.ETag, cancellationToken);
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412)
            {
                // Another silo was quicker, or has something to say about it.
            }
        }
    }

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default)
    {
        // One query, so that row and version are of one moment.
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_cluster} and (RowKey eq {MemberRows.RowKey(key)} or RowKey eq {MemberRows.VersionRow})");
        return await ReadAsync(filter, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default) => ReadAsync(OfCluster, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        ChangeAsync(new(TableTransactionActionType.Add, MemberRows.ToEntity(_cluster, entry)), tableVersion, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The row's ETag is not looked at, see the class.</remarks>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        ChangeAsync(new(TableTransactionActionType.UpdateReplace, MemberRows.ToEntity(_cluster, entry), ETag.All), tableVersion, cancellationToken);

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default) =>
        _reads.UpdateEntityAsync(MemberRows.ToSignOfLife(_cluster, entry), ETag.All, TableUpdateMode.Merge, cancellationToken);

    /// <summary>Gives the silos that clients may connect to: active ones with a gateway.</summary>
    internal async Task<IList<Uri>> ReadGatewaysAsync(CancellationToken cancellation)
    {
        var table = await ReadAllAsync(cancellation);
        return
        [
            .. table.Members.Select(member => member.Item1)
                .Where(member => member.Status == SiloStatus.Active && member.ProxyPort != 0)
                .Select(member => SiloAddress.New(member.SiloAddress.Endpoint.Address, member.ProxyPort, member.SiloAddress.Generation).ToGatewayUri()),
        ];
    }

    // The runtime's older calls are obsolete and still have to be there.
    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync();

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry);

    private string OfCluster => TableClient.CreateQueryFilter($"PartitionKey eq {_cluster}");

    private async Task<bool> ChangeAsync(TableTransactionAction change, TableVersion version, CancellationToken cancellation)
    {
        var next = new TableTransactionAction(TableTransactionActionType.UpdateReplace, MemberRows.ToEntity(_cluster, version), new ETag(version.VersionEtag));
        try
        {
            await _changes.SubmitTransactionAsync([change, next], cancellation);
            return true;
        }
        catch (RequestFailedException refused) when (refused.ErrorCode is "EntityAlreadyExists" or "ResourceNotFound" or "EntityNotFound" or "UpdateConditionNotSatisfied")
        {
            return false; // the silo is there already, is not there, or the version is another by now
        }
    }

    /// <summary>Reads members and version as they were at one moment.</summary>
    private async Task<MembershipTableData> ReadAsync(string filter, CancellationToken cancellation)
    {
        string? before = null;
        for (var attempt = 1; attempt <= MaxTornReads; attempt++)
        {
            var members = new List<Tuple<MembershipEntry, string>>();
            TableVersion? version = null;
            var pages = 0;
            await foreach (var page in _reads.QueryAsync<TableEntity>(filter, MaxPageRows, null, cancellation).AsPages())
            {
                pages++;
                foreach (var entity in page.Values)
                {
                    if (entity.RowKey == MemberRows.VersionRow) version = MemberRows.ToVersion(entity);
                    else members.Add(Tuple.Create(MemberRows.ToMember(entity), entity.ETag.ToString()));
                }
            }

            if (version is null) throw new InvalidOperationException($"The table of members has no version for cluster {_cluster}: it was deleted, or never begun.");

            // One page is one moment. Several are, if the version, which lies last, is what it was before the first of them.
            if (pages == 1 || version.VersionEtag == before) return new(members, version);
            before = version.VersionEtag;
        }

        throw new InvalidOperationException($"The members of cluster {_cluster} changed faster than they could be read.");
    }

    private static TableClient Client(AzureTablesMembershipOptions options, int retries) => options.Account!.CreateClient(new()
    {
        Retry =
        {
            MaxRetries = retries,
            Mode = RetryMode.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(1),
            NetworkTimeout = options.RequestTimeout,
        },
    }).GetTableClient(options.Table);
}
