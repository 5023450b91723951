using Azure.Data.Tables;

namespace CreditGrains.Journal.AzureTables;

/// <summary>Rows as entities. The format is on disk.</summary>
/// <remarks>
/// <para>PartitionKey: the partition, 4 hexadecimal digits. RowKey: space (2), id (32), and the number's complement (16): lower case, fixed width.</para>
/// <para>
/// Azure Tables reads one way only, and nearly all that is waited for is read newest first: the head, and a citizen's records down to a
/// snapshot. With the complement, newest first is the order they lie in. What is read oldest first pays a little for it, see
/// <see cref="TableReads"/>.
/// </para>
/// <para>The value: binary properties V0 to V14, all full but the last, as many as it takes; an empty value has an empty V0.</para>
/// </remarks>
internal static class TableRows
{
    private const int KeyBytes = 1 + 16 + 8;

    private static readonly string[] Properties = [.. Enumerable.Range(0, AzureTablesLimits.MaxValueProperties).Select(index => $"V{index}")];

    internal static string PartitionKey(int partition) => partition.ToString("x4", System.Globalization.CultureInfo.InvariantCulture);

    internal static string RowKey(JournalId journal, ulong number)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        key[0] = (byte)journal.Space;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(key[1..], journal.Id);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(key[17..], ~number);
        return Convert.ToHexStringLower(key);
    }

    internal static TableEntity ToEntity(Row row)
    {
        var entity = new TableEntity(PartitionKey(row.Key.Partition), RowKey(row.Key.Journal, row.Key.Number));
        var rest = row.Value;
        var index = 0;
        do
        {
            var length = Math.Min(rest.Length, AzureTablesLimits.MaxPropertyBytes);
            entity[Properties[index++]] = rest[..length].ToArray();
            rest = rest[length..];
        }
        while (rest.Length > 0);

        return entity;
    }

    /// <summary>Reads an entity back.</summary>
    /// <exception cref="StoreUnavailableException">The entity is none of this store's.</exception>
    internal static Row ToRow(int partition, TableEntity entity)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        var text = entity.RowKey;
        if (text.Length != 2 * KeyBytes || Convert.FromHexString(text, key, out _, out _) != System.Buffers.OperationStatus.Done)
            throw new StoreUnavailableException($"Partition {partition}: the table has an entity that is not the ledger's.");

        var journal = new JournalId((Space)key[0], System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(key[1..]));
        return new(new(partition, journal, ~System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(key[17..])), ValueOf(entity));
    }

    internal static ReadOnlyMemory<byte> ValueOf(TableEntity entity)
    {
        var first = entity.GetBinary(Properties[0]) ?? [];
        if (first.Length < AzureTablesLimits.MaxPropertyBytes) return first;

        using var value = new MemoryStream(2 * first.Length);
        value.Write(first);
        for (var index = 1; index < Properties.Length && entity.GetBinary(Properties[index]) is { } part; index++) value.Write(part);
        return value.ToArray();
    }
}
