namespace CreditGrains.Silo.Imports;

/// <summary>A file cannot be imported at all: it is missing, unreadable or has another header. Nothing of the import was recorded.</summary>
internal sealed class ImportFileException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which file, what is wrong, what to do next.</param>
    /// <param name="inner">What the file system said.</param>
    public ImportFileException(string message, Exception? inner = null) : base(message, inner) { }
}
