using Xunit;

namespace CreditGrains.Rooms.Tests;

/// <summary>Code in a document is code that a test compiles.</summary>
public sealed class DocumentRules
{
    [Fact]
    public void The_example_in_the_README_is_the_one_that_runs()
    {
        var program = File.ReadAllText(SourceRoot.Path("tests", "CreditGrains.ExampleService", "Program.cs"));
        var region = program.Split("// README\n")[1].Split("// README end")[0].Trim();

        Assert.Contains(region, File.ReadAllText(SourceRoot.Path("README.md")), StringComparison.Ordinal);
    }
}
