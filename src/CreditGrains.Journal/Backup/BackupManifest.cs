using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CreditGrains.Journal;

/// <summary>What a finished backup consists of: written last, so that a backup without it is none.</summary>
/// <remarks>
/// The SHA-256 of what follows, 64 hexadecimal digits and a line feed, then JSON in UTF-8: the ledger's manifest rows, and for each partition
/// its segments by name and seal, the scan first. A file that it does not name is no part of the backup: an interrupted run left it, and the
/// next one takes it up or removes it.
/// </remarks>
/// <param name="Ledger">The newest of <paramref name="Rows"/>, decoded.</param>
/// <param name="Rows">The ledger's manifest rows, the oldest first.</param>
/// <param name="FinishedAt">When the run ended, microseconds since 1970-01-01 UTC by its machine's clock.</param>
/// <param name="Partitions">For each partition its segments, in order.</param>
internal sealed record BackupManifest(LedgerManifest Ledger, ImmutableArray<Row> Rows, long FinishedAt, ImmutableArray<ImmutableArray<SegmentName>> Partitions)
{
    internal const string FileName = "backup.manifest";

    private const int Format = 1;
    private const int ChecksumChars = 2 * RecordHash.Length;

    private static readonly BackupDamage Unreadable = new(FileName, -1, 0, 0, BackupFault.ChecksumMismatch);

    /// <summary>Reads the manifest; null if there is none.</summary>
    /// <exception cref="BackupDamagedException">It does not match its checksum, or cannot be decoded.</exception>
    /// <exception cref="BackupRefusedException">It is of a later format.</exception>
    internal static async ValueTask<BackupManifest?> ReadAsync(IBackupFiles files, CancellationToken cancellation)
    {
        byte[] bytes;
        try
        {
            var stream = files.OpenRead(FileName);
            await using (stream.ConfigureAwait(false))
            {
                bytes = new byte[stream.Length];
                await stream.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
            }
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        return Decode(bytes);
    }

    internal async ValueTask WriteAsync(IBackupFiles files, CancellationToken cancellation)
    {
        var stored = new StoredBackup(
            Format, FinishedAt, [.. Rows.Select(row => new StoredRow(row.Key.Number, Convert.ToBase64String(row.Value.Span)))],
            [.. Partitions.Select(segments => segments.Select(segment => new StoredSegment(segment.Header.FileName, segment.Seal.ToString())).ToArray())]);
        var json = JsonSerializer.SerializeToUtf8Bytes(stored, BackupJson.Default.StoredBackup);
        var draft = files.Create(FileName);
        await using (draft.ConfigureAwait(false))
        {
            await draft.WriteAsync(Encoding.ASCII.GetBytes(RecordHash.Of(json) + "\n"), cancellation).ConfigureAwait(false);
            await draft.WriteAsync(json, cancellation).ConfigureAwait(false);
            draft.Publish();
        }
    }

    private static BackupManifest Decode(byte[] bytes)
    {
        if (bytes.Length <= ChecksumChars + 1 || bytes[ChecksumChars] != '\n') throw new BackupDamagedException(Unreadable);
        var json = bytes.AsSpan(ChecksumChars + 1);
        if (!bytes.AsSpan(0, ChecksumChars).SequenceEqual(Encoding.ASCII.GetBytes(RecordHash.Of(json).ToString()))) throw new BackupDamagedException(Unreadable);
        try
        {
            var stored = JsonSerializer.Deserialize(json, BackupJson.Default.StoredBackup)!;
            if (stored.Format > Format)
                throw new BackupRefusedException(BackupRefusal.LaterFormat, $"The backup is in format {stored.Format}; this program reads up to {Format}. Use a newer one.");

            var rows = stored.Ledger.Select(row => new Row(new(0, LedgerManifest.Journal, row.Number), Convert.FromBase64String(row.Value))).ToImmutableArray();
            var partitions = stored.Partitions.Select(segments => segments.Select(Name).ToImmutableArray()).ToImmutableArray();
            if (rows.IsEmpty || LedgerManifest.TryDecode(rows[^1], out var ledger, out _) is not null || partitions.Length != ledger!.PartitionCount
                || partitions.Any(segments => segments.IsEmpty)) throw new BackupDamagedException(Unreadable with { Fault = BackupFault.Undecodable });
            return new(ledger, rows, stored.FinishedAt, partitions);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            throw new BackupDamagedException(Unreadable with { Fault = BackupFault.Undecodable });
        }
    }

    private static SegmentName Name(StoredSegment segment) => SegmentHeader.TryParse(segment.File, out var header)
        ? new(header, RecordHash.Parse(segment.Seal))
        : throw new FormatException("A segment has a name that is none.");
}

/// <summary>A segment as the manifest has it; the ledger in its header is not filled in.</summary>
internal readonly record struct SegmentName(SegmentHeader Header, RecordHash Seal);

internal sealed record StoredBackup(int Format, long FinishedAt, StoredRow[] Ledger, StoredSegment[][] Partitions);

internal sealed record StoredRow(ulong Number, string Value);

internal sealed record StoredSegment(string File, string Seal);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoredBackup))]
internal sealed partial class BackupJson : JsonSerializerContext;
