namespace CreditGrains.Silo.Tests;

/// <summary>Real data sets, which are not part of the project: <c>../shared/data</c> from its root, or where CREDITGRAINS_SHARED_DATA says.</summary>
internal static class SharedData
{
    private const string Variable = "CREDITGRAINS_SHARED_DATA";

    /// <summary>Finds a data set's folder, or skips the test.</summary>
    /// <param name="name">The folder, such as <c>berka</c>.</param>
    public static string Folder(string name)
    {
        var folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : BesideTheProject();
        var found = folder is null ? null : Path.Combine(folder, name);
        Assert.SkipUnless(Directory.Exists(found), $"The data set {name} is not here: put it into ../shared/data beside the project, or name its parent with {Variable}.");
        return found!;
    }

    private static string? BesideTheProject()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CreditGrains.sln"))) return folder.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "data") : null;

        return null;
    }
}
