using Azure;
using Azure.Data.Tables;

namespace CreditGrains.Journal.AzureTables;

/// <summary>What each table remembers of the accounts it was first opened with: how many, which of them it is, and of which ledger.</summary>
/// <remarks>
/// With one account more, fewer, exchanged or in another place, partitions would be looked for where they are not, found empty and begun anew.
/// So the first opening writes the layout down, and every later one must agree with it. The first account is written first, and learns last that
/// all have been: from then on an account without a layout is not a new one, but a wrong one.
/// </remarks>
internal static class AccountLayout
{
    // No partition's key: those are 4 hexadecimal digits.
    private const string PartitionKey = "layout";
    private const string RowKey = "accounts";

    /// <summary>Makes the tables where they are missing, writes the layout where there is none, and compares it where there is.</summary>
    /// <exception cref="StoreUnavailableException">An account cannot be reached, or was opened before as part of another layout.</exception>
    internal static async ValueTask ConfirmAsync(IReadOnlyList<TableAccount> accounts, CancellationToken cancellation)
    {
        var first = await FindAsync(accounts[0], cancellation).ConfigureAwait(false);
        if (first is null)
        {
            await RefuseStrangersAsync(accounts, cancellation).ConfigureAwait(false);
            first = await FindOrWriteAsync(accounts[0], new(Guid.NewGuid(), accounts.Count, 0, false), cancellation).ConfigureAwait(false);
        }

        Compare(accounts[0], first, first with { Accounts = accounts.Count, Index = 0 });
        for (var index = 1; index < accounts.Count; index++)
        {
            var expected = new Layout(first.Ledger, accounts.Count, index, false);
            var found = first.IsWhole
                ? await FindAsync(accounts[index], cancellation).ConfigureAwait(false)
                : await FindOrWriteAsync(accounts[index], expected, cancellation).ConfigureAwait(false);
            Compare(accounts[index], found, expected);
        }

        if (!first.IsWhole) await CompleteAsync(accounts[0], cancellation).ConfigureAwait(false);
    }

    /// <summary>Refuses to begin a ledger over accounts that belong to one already, before anything is written.</summary>
    private static async ValueTask RefuseStrangersAsync(IReadOnlyList<TableAccount> accounts, CancellationToken cancellation)
    {
        foreach (var account in accounts.Skip(1))
        {
            // Another silo may be making this very ledger: then it has written to the first account by now.
            if (await FindAsync(account, cancellation).ConfigureAwait(false) is { } stranger
                && await FindAsync(accounts[0], cancellation).ConfigureAwait(false) is null) throw Refusal(account, stranger);
        }
    }

    private static void Compare(TableAccount account, Layout? found, Layout expected)
    {
        if (found is null || found.Ledger != expected.Ledger || found.Accounts != expected.Accounts || found.Index != expected.Index) throw Refusal(account, found);
    }

    private static StoreUnavailableException Refusal(TableAccount account, Layout? found)
    {
        var what = found is null ? "holds nothing of this ledger" : $"is account {found.Index + 1} of the {found.Accounts} of ledger {found.Ledger:N}";
        return new($"{account.Place} {what}. Configure the accounts that the ledger was made with, all of them, in their order.");
    }

    private static async ValueTask<Layout> FindOrWriteAsync(TableAccount account, Layout layout, CancellationToken cancellation)
    {
        try
        {
            await account.Table.CreateIfNotExistsAsync(cancellation).ConfigureAwait(false);
            var written = new TableEntity(PartitionKey, RowKey) { ["Ledger"] = layout.Ledger, ["Accounts"] = layout.Accounts, ["Index"] = layout.Index };
            await account.Table.AddEntityAsync(written, cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException there) when (there.ErrorCode == "EntityAlreadyExists")
        {
            // By another silo at the same time, or by this very request, tried twice.
        }
        catch (Exception failure) when (!TableAccount.IsTheCallers(failure, cancellation))
        {
            throw account.Unavailable($"{account.Place} could not be opened", failure);
        }

        return await FindAsync(account, cancellation).ConfigureAwait(false) ?? throw Refusal(account, null);
    }

    private static async ValueTask<Layout?> FindAsync(TableAccount account, CancellationToken cancellation)
    {
        try
        {
            var found = await account.Table.GetEntityIfExistsAsync<TableEntity>(PartitionKey, RowKey, cancellationToken: cancellation).ConfigureAwait(false);
            return found is { HasValue: true, Value: { } entity }
                ? new(entity.GetGuid("Ledger") ?? default, entity.GetInt32("Accounts") ?? 0, entity.GetInt32("Index") ?? -1, entity.GetBoolean("Whole") ?? false)
                : null;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == "TableNotFound")
        {
            return null;
        }
        catch (Exception failure) when (!TableAccount.IsTheCallers(failure, cancellation))
        {
            throw account.Unavailable($"{account.Place} could not be opened", failure);
        }
    }

    private static async ValueTask CompleteAsync(TableAccount account, CancellationToken cancellation)
    {
        try
        {
            await account.Table.UpdateEntityAsync(
                new TableEntity(PartitionKey, RowKey) { ["Whole"] = true }, ETag.All, TableUpdateMode.Merge, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (!TableAccount.IsTheCallers(failure, cancellation))
        {
            throw account.Unavailable($"{account.Place} could not be opened", failure);
        }
    }

    /// <summary>One account's place.</summary>
    /// <param name="Ledger">A random id, the same in all accounts.</param>
    /// <param name="Accounts">How many there are.</param>
    /// <param name="Index">Which one it is, from 0.</param>
    /// <param name="IsWhole">In the first account: whether all have been written.</param>
    private sealed record Layout(Guid Ledger, int Accounts, int Index, bool IsWhole);
}
