namespace CreditGrains.Silo.Imports;

/// <summary>Something that entries are recorded from: files, or a made-up nation.</summary>
internal interface IEntrySource
{
    /// <summary>Gets the short name that messages and file names use, such as <c>berka</c>.</summary>
    string Name { get; }

    /// <summary>Gets how much has been read, from 0 to 1. Read by another thread, for progress.</summary>
    double Done { get; }

    /// <summary>Looks at every file's name and header, so that an unfit one stops the import before anything is recorded.</summary>
    /// <exception cref="ImportFileException">A file is missing or unfit.</exception>
    void Prepare();

    /// <summary>Reads the rows, once, from first to last. Rows that are no entry go to the observer and not to the caller.</summary>
    /// <param name="pseudonymizer">Names the citizens.</param>
    /// <param name="rows">Told of each row and each refusal.</param>
    IEnumerable<PlacedEntry> Read(SubjectPseudonymizer pseudonymizer, IRowObserver rows);
}

/// <summary>An entry with the row that it was made of.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Place">The row.</param>
internal readonly record struct PlacedEntry(Entry Entry, RowPlace Place);

/// <summary>Is told what a source reads.</summary>
internal interface IRowObserver
{
    /// <summary>Counts a row read, whatever becomes of it.</summary>
    void RowRead();

    /// <summary>Keeps a row that became no entry.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="fault">What is wrong with it.</param>
    void RowRefused(RowPlace place, RowFault fault);
}
