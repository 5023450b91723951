namespace CreditGrains.Silo.Imports;

/// <summary>Opens files to import, and says in plain words why one cannot be opened.</summary>
internal static class InputFile
{
    /// <summary>Opens a file to read it from start to end.</summary>
    /// <param name="path">Which.</param>
    /// <exception cref="ImportFileException">It is missing, a folder, or cannot be read.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new ImportFileException($"{path} is a folder; name a file.");
        try
        {
            // LineReader has a buffer of its own.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception reason) when (reason is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImportFileException($"{path} does not exist. Check the name.", reason);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ImportFileException($"{path} cannot be read: {reason.Message}", reason);
        }
    }

    /// <summary>Lists the files of a folder by name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">Which files, with <c>*</c> for anything.</param>
    /// <exception cref="ImportFileException">The folder cannot be listed.</exception>
    public static string[] List(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new ImportFileException($"{folder} cannot be listed: {reason.Message}", reason);
        }
    }

    /// <summary>Finds the one file of a set that is there under one of its names.</summary>
    /// <param name="folder">The set's folder.</param>
    /// <param name="names">The names it may have, the usual one first.</param>
    /// <exception cref="ImportFileException">The folder or the file is missing.</exception>
    public static string Find(string folder, params ReadOnlySpan<string> names)
    {
        if (!Directory.Exists(folder)) throw new ImportFileException($"{folder} is not a folder. Name the folder that holds the files.");
        foreach (var name in names)
            if (Path.Combine(folder, name) is var path && File.Exists(path)) return path;

        throw new ImportFileException($"{folder} holds no {names[0]}. Name the folder that holds the whole set.");
    }
}
