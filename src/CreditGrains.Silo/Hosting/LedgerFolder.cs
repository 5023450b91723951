using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger's folder: the journals in one folder of their own, and beside them, never in their backups, the keys.</summary>
internal sealed class LedgerFolder(string path)
{
    /// <summary>Gets the folder of the journals.</summary>
    internal string Journal => Path.Combine(path, "journal");

    /// <summary>Gets the files with the keys.</summary>
    internal LedgerKeys Keys => LedgerKeys.In(path);

    /// <summary>Gets whether a ledger has been made here.</summary>
    internal bool Exists => Directory.Exists(Journal);

    /// <summary>Makes the folder and its keys, readable by their owner alone. What is there is kept.</summary>
    internal void Create()
    {
        // A ledger that has lost a key gets no other: nothing in it could be found again under that.
        if (Exists) return;
        RefuseOtherThings();
        LedgerKeys.Create(path);
    }

    /// <summary>Makes sure that a ledger can be restored here, beside its keys, which must be here first.</summary>
    internal void Receive()
    {
        if (!Exists) RefuseOtherThings();
    }

    /// <summary>Someone's folder with other things in it does not become a ledger by a slip of the pen. What an earlier making left is ours.</summary>
    private void RefuseOtherThings()
    {
        if (LedgerKeys.Guarded(() => Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Except(Keys.Files).Any()))
            throw new UsageException($"The folder {path} is not empty and holds no ledger. Name an empty or a new one.");
    }
}
