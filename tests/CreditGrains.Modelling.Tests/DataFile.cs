using System.Text;
using Xunit;

namespace CreditGrains.Modelling.Tests;

/// <summary>Reads a real data set. A reader for tests, of files that are known to be well made.</summary>
internal static class DataFile
{
    /// <summary>Reads a file into a table, or skips the test.</summary>
    /// <param name="set">The folder, such as <c>german</c>.</param>
    /// <param name="file">The file in it: commas between cells, quotes around those that hold one.</param>
    public static Table Table(string set, string file)
    {
        var lines = File.ReadLines(Path.Combine(SharedData.Folder(set), file)).Select(Cells).ToList();
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
