namespace CreditGrains.Benchmarks;

/// <summary>Where the sources lie that this program was built from.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    /// <summary>Gives the path of something in it.</summary>
    internal static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "CreditGrains.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} does not lie in the repository.");
    }
}
