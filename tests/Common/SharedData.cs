namespace CreditGrains;

/// <summary>Real data sets, which are not part of the project: <c>../shared/data</c> from its root, or where CREDITGRAINS_SHARED_DATA says. Compiled into each suite.</summary>
internal static class SharedData
{
    private const string Variable = "CREDITGRAINS_SHARED_DATA";

    /// <summary>Finds a data set's folder, or skips the test.</summary>
    /// <param name="name">The folder, such as <c>berka</c>.</param>
    internal static string Folder(string name)
    {
        var folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : SourceRoot.Path("..", "shared", "data");
        var found = Path.Combine(folder, name);
        Xunit.Assert.SkipUnless(Directory.Exists(found), $"The data set {name} is not here: put it into ../shared/data beside the project, or name its parent with {Variable}.");
        return found;
    }
}
