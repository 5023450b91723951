using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>The scale of a card in PMML, where it is an extension.</summary>
public sealed class PmmlScaleTests
{
    private static readonly Scorecard Card = Cards.Of(Cards.Points(1, new ConstantPredicate(true)));

    private static readonly string Document = PmmlWriter.Write(Card with { Scale = new(600.5, 30, 40, 300, 850) });

    private const string Extension = """<Extension extender="CreditGrains" name="scale" value="base=600.5 odds=30 pdo=40 low=300 high=850" />""";

    [Fact]
    public void It_stands_where_the_schema_has_extensions_and_others_are_passed_over()
    {
        Assert.Contains("baselineMethod=\"other\">\n    " + Extension + "\n    <MiningSchema>", Document, StringComparison.Ordinal);
        Assert.DoesNotContain("Extension", PmmlWriter.Write(Card), StringComparison.Ordinal);
        foreach (var other in new[] { "", "<Extension extender=\"Others\" name=\"scale\" value=\"7\"><What/></Extension>", "<Extension extender=\"CreditGrains\" name=\"later\" odd=\"1\"/>", "<Extension/>" })
            Assert.Equal(new ScoreScale(600.5, 30, 40, 300, 850), Cards.Read(Document.Replace(Extension, other + Extension, StringComparison.Ordinal)).Scale);
        Assert.Null(Cards.Read(Document.Replace(Extension, "", StringComparison.Ordinal)).Scale);

        // Of another place or another namespace it is none of ours.
        Assert.Null(Cards.Read(Document.Replace(Extension, "", StringComparison.Ordinal).Replace("<MiningSchema>", "<MiningSchema>" + Extension, StringComparison.Ordinal)).Scale);
        Assert.Null(Cards.Read(Document.Replace(Extension, Extension.Replace(" extender", " xmlns=\"urn:x\" extender", StringComparison.Ordinal), StringComparison.Ordinal)).Scale);
    }

    [Theory]
    [InlineData("value=\"base=600.5 odds=30 pdo=40 low=300 high=850\"", "", ScorecardRefusal.AttributeMissing)]
    [InlineData("base=600.5 ", "", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("base=600.5 odds=30", "odds=30 base=600.5", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("high=850", "high=850 more=1", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("high=850", "high=850.5", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("high=850", "high=3000000000", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("high=850", "high=300", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("base=600.5", "base=many", ScorecardRefusal.NumberMalformed)]
    [InlineData("base=600.5", "base=1e999", ScorecardRefusal.NumberMalformed)]
    [InlineData("odds=30", "odds=0", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("name=\"scale\"", "name=\"scale\" unit=\"points\"", ScorecardRefusal.AttributeNotHonoured)]
    [InlineData(Extension, Extension + Extension, ScorecardRefusal.ElementRepeated)]
    public void One_that_means_nothing_is_refused_with_its_line(string find, string put, ScorecardRefusal refusal)
    {
        Assert.Contains(find, Document, StringComparison.Ordinal);
        var line = Document[..Document.IndexOf(Extension, StringComparison.Ordinal)].Count(character => character == '\n') + 1;

        var fault = PmmlReader.Read(Document.Replace(find, put, StringComparison.Ordinal)).Fault!;

        Assert.Equal((refusal, "Extension", line), (fault.Refusal, fault.Element, fault.Line));
    }

    [Fact]
    public void A_card_with_a_scale_that_means_nothing_is_not_written() =>
        Assert.Throws<ArgumentException>(() => PmmlWriter.Write(Card with { Scale = new(600, 30, 0, 300, 850) }));
}
