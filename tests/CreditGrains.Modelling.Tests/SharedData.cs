using System.Text;
using Xunit;

namespace CreditGrains.Modelling.Tests;

/// <summary>Real data sets, which are not part of the project: <c>../shared/data</c> from its root, or where CREDITGRAINS_SHARED_DATA says.</summary>
internal static class SharedData
{
    private const string Variable = "CREDITGRAINS_SHARED_DATA";

    /// <summary>Reads a file into a table, or skips the test.</summary>
    /// <param name="set">The folder, such as <c>german</c>.</param>
    /// <param name="file">The file in it: commas between cells, quotes around those that hold one.</param>
    public static Table Table(string set, string file)
    {
        var folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : SourceRoot.Path("..", "shared", "data");
        var path = Path.Combine(folder, set, file);
        Assert.SkipUnless(File.Exists(path), $"The data set {set} is not here: put it into ../shared/data beside the project, or name its parent with {Variable}.");

        var lines = File.ReadLines(path).Select(Cells).ToList();
        return Assert.IsType<TableOutcome.Made>(Modelling.Table.FromRows(lines[0], lines.Skip(1))).Table;
    }

    private static List<string> Cells(string line)
    {
        List<string> cells = [];
        var cell = new StringBuilder();
        var isQuoted = false;
        foreach (var letter in line)
        {
            if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(letter);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
