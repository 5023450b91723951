using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class TableTests
{
    [Fact]
    public void A_column_is_numeric_if_each_cell_that_is_there_is_a_number()
    {
        var table = Tables.Of("a,b,c,d", "1, 1.5e2 ,x,", "NA,-7,1,?", "?,,2,NA");

        Assert.Equal([1, double.NaN, double.NaN], Assert.IsType<NumericColumn>(table.Find("a")).Values);
        Assert.Equal([150, -7, double.NaN], Assert.IsType<NumericColumn>(table.Find("b")).Values);
        Assert.Equal(["x", "1", "2"], Assert.IsType<TextColumn>(table.Find("c")).Levels);
        Assert.All(Enumerable.Range(0, 3), row => Assert.True(table.Find("d")!.IsMissing(row)));
        Assert.Null(table.Find("A"));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("1,5")]
    public void What_is_not_finite_or_not_written_with_a_point_is_no_number(string cell)
    {
        var made = Assert.IsType<TableOutcome.Made>(Table.FromRows(["a"], [["1"], [cell]]));

        Assert.IsType<TextColumn>(made.Table.Find("a"));
    }

    [Fact]
    public void A_column_asked_for_as_texts_keeps_its_digits()
    {
        var made = Assert.IsType<TableOutcome.Made>(Table.FromRows(["id"], [["007"], ["123456789012345678"]], new HashSet<string> { "id", "other" }));

        Assert.Equal(["007", "123456789012345678"], Assert.IsType<TextColumn>(made.Table.Find("id")).Levels);
    }

    [Fact]
    public void What_is_no_table_is_refused_by_row()
    {
        Assert.Equal(new TableOutcome.Refused(TableFault.HeaderEmpty, 0, "A column has no name."), Table.FromRows(["a", " "], []));
        Assert.Equal(new TableOutcome.Refused(TableFault.HeaderRepeats, 0, "a"), Table.FromRows(["a", "b", "a"], []));
        Assert.Equal(new TableOutcome.Refused(TableFault.NoRows, 0, "There is no row."), Table.FromRows(["a"], []));
        Assert.Equal(new TableOutcome.Refused(TableFault.CellCountWrong, 2, "1 cells under 2 names"), Table.FromRows(["a", "b"], [["1", "2"], ["1"]]));
    }
}
