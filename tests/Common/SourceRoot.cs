namespace CreditGrains;

/// <summary>Where the sources lie that tests and their programs were built from. Compiled into each of them.</summary>
internal static class SourceRoot
{
    /// <summary>Gets the folder that holds <c>CreditGrains.sln</c>.</summary>
    /// <exception cref="InvalidOperationException">The program was moved out of it.</exception>
    internal static string Folder { get; } = Find();

    /// <summary>Gives the path of something in it.</summary>
    internal static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "CreditGrains.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"CreditGrains.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
