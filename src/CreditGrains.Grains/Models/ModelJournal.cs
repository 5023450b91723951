using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Models;

/// <summary>The register's journal: one of the ledger's own, in partition 0.</summary>
internal static class ModelJournal
{
    /// <summary>The partition it lies in.</summary>
    internal const int Partition = 0;

    /// <summary>The kind of a record that holds an event of the register, as its header has it.</summary>
    internal const ushort EventKind = 3;

    /// <summary>Gets the journal's name: "models" in ASCII.</summary>
    internal static JournalId Id { get; } = new(Space.System, 0x6D6F64656C73);

    /// <summary>Reads on from where a register stands.</summary>
    /// <param name="known">The register, and the journal's last record that is in it.</param>
    /// <param name="rows">The rows after that record, in their order.</param>
    /// <param name="open">Opens a record.</param>
    /// <returns>The register with all of them.</returns>
    /// <exception cref="JournalBrokenException">A record does not follow the one before it, or holds no event.</exception>
    internal static async ValueTask<KnownModels> ReadOnAsync(KnownModels known, IAsyncEnumerable<Row> rows, Func<Row, OpenedRecord> open)
    {
        await foreach (var row in rows)
        {
            var record = open(row);
            if (!record.Header.Follows(known.Tail)) throw new JournalBrokenException(row.Key, JournalDamage.ChainBroken);
            if (record.Bodies is not [{ } body] || ModelEvent.TryDecode(body.Span) is not { } happened) throw new JournalBrokenException(row.Key, JournalDamage.Undecodable);
            known = new(known.Register.After(happened), record.Tail);
        }

        return known;
    }
}

/// <summary>The register as far as it was read.</summary>
/// <param name="Register">What happened so far.</param>
/// <param name="Tail">The journal's last record in it.</param>
internal sealed record KnownModels(ModelRegister Register, RecordTail Tail)
{
    /// <summary>Gets what is known before anything is read.</summary>
    internal static KnownModels None { get; } = new(ModelRegister.Empty, default);
}
