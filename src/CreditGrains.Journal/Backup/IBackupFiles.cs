namespace CreditGrains.Journal;

/// <summary>The files of one backup. A file is there under its name only when all of it is durable.</summary>
internal interface IBackupFiles
{
    /// <summary>What the name of a file ends with until it is whole.</summary>
    internal const string DraftSuffix = ".draft";

    /// <summary>Gives the names of all files, drafts of an interrupted run included.</summary>
    IReadOnlyList<string> Names();

    /// <summary>Opens a file to be read; the stream can seek.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    Stream OpenRead(string name);

    /// <summary>Begins a file under its draft name; an older draft is written over.</summary>
    IBackupDraft Create(string name);

    /// <summary>Removes a file, if it is there.</summary>
    void Delete(string name);
}

/// <summary>A file being written. Disposing of it before it is published leaves at most a draft, which the next run removes.</summary>
internal interface IBackupDraft : IAsyncDisposable
{
    /// <summary>Adds bytes at the end.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Makes the file durable and gives it its name, in the place of an older file of that name.</summary>
    void Publish();
}
