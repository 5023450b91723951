using Xunit;
using static CreditGrains.Ledger.ScorecardDocumentRefusal;

namespace CreditGrains.Ledger.Tests;

/// <summary>The text of a document, and what it must not hold.</summary>
public sealed class ScorecardJsonTests
{
    // Written by hand. A change here is a change of every digest and signature.
    private const string Text = """
        {
          "format": 1,
          "model": "small-1",
          "title": "Small",
          "notes": "Two lines,\none \"quoted\".",
          "initialPoints": 0.5,
          "scale": { "basePoints": 600, "baseOdds": 30, "pointsToDouble": 40, "low": 300, "high": 850 },
          "characteristics": [
            {
              "name": "worst_delinquency_12",
              "type": "number",
              "reason": { "code": "R17", "words": "This cost points." },
              "baseline": 40,
              "rationale": "Lateness tells most.",
              "informationValue": 0.3,
              "coefficient": -0.9,
              "bins": [
                { "from": null, "to": 1, "points": 40, "rationale": "Nobody late.", "woe": 0.1, "goods": 10, "bads": 1 },
                { "from": 1, "to": 30.5, "points": -2.5 },
                { "from": 30.5, "to": null, "points": -1E-07 },
                { "special": -1, "points": 3 },
                { "missing": true, "points": 20 }
              ]
            },
            {
              "name": "purpose",
              "type": "text",
              "reason": { "code": "PURPOSE", "words": "Wofür es war." },
              "baseline": 5,
              "bins": [
                { "values": ["car", "back\\slash"], "points": 5 },
                { "special": "none", "points": 1 },
                { "missing": true, "points": 0 },
                { "unseen": true, "points": 0 }
              ]
            }
          ],
          "training": { "rows": 100, "bads": 9, "auc": 0.75, "gini": 0.5, "ks": 0.4, "logLikelihood": -31.25, "intercept": -2 }
        }

        """;

    private const string First = """{ "from": null, "to": 1, "points": 40, "rationale": "Nobody late.", "woe": 0.1, "goods": 10, "bads": 1 },""";

    private const string Second = """{ "from": 1, "to": 30.5, "points": -2.5 },""";

    private const string Last = """{ "from": 30.5, "to": null, "points": -1E-07 },""";

    private const string NumberMissing = """{ "missing": true, "points": 20 }""";

    private const string Values = """["car", "back\\slash"]""";

    private const string Unseen = """{ "unseen": true, "points": 0 }""";

    private const string Training = "\"training\": { \"rows\": 100, \"bads\": 9";

    [Fact]
    public void A_document_is_written_as_this_text_and_read_from_it_however_it_is_laid_out()
    {
        Assert.Equal(Text, ScorecardJson.Write(Documents.Full));
        Assert.Equal(Text, ScorecardJson.Write(Read(Text)));
        Assert.Equal(Text, ScorecardJson.Write(Read(Text.Replace("\n", "\r\n", StringComparison.Ordinal).Replace("ü", "\\u00fc", StringComparison.Ordinal).Replace("30.5,", "3.05e1,", StringComparison.Ordinal))));
        Assert.Equal(Text, ScorecardJson.Write(ScorecardJson.Read(new StringReader(Text)).Document!));
    }

    [Theory]

    // What is no JSON, or is not read at all.
    [InlineData(Text, "", "$", 1, NotJson)]
    [InlineData(Text, "[]", "$", 1, KindWrong)]
    [InlineData("\"title\": \"Small\",", "\"title\": \"Small\"", "$", 5, NotJson)]
    [InlineData("\"title\": \"Small\",", "// no comments\n", "$", 4, NotJson)]
    [InlineData("Small", "\\ud83d", "$", 4, NotJson)]
    [InlineData("0.5,\n", "NaN,\n", "$", 6, NotJson)]
    [InlineData("\"Small\"", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]", "$", 4, TooDeep)]
    [InlineData("\"format\": 1", "\"format\": 2, \"later\": {}", "$.format", 2, FormatNotRead)]
    [InlineData("\"format\": 1", "\"format\": 1.5", "$.format", 2, FormatNotRead)]
    [InlineData("\"format\": 1", "\"format\": \"1\"", "$.format", 2, KindWrong)]
    [InlineData("\"format\": 1,", "", "$.format", 1, FieldMissing)]

    // Fields.
    [InlineData("\"notes\"", "\"note\"", "$.note", 5, FieldUnknown)]
    [InlineData("\"notes\"", "\"Notes\"", "$.Notes", 5, FieldUnknown)]
    [InlineData("\"notes\"", "\"title\"", "$.title", 5, FieldRepeated)]
    [InlineData("\"low\": 300, ", "", "$.scale.low", 7, FieldMissing)]
    [InlineData("\"low\": 300", "\"low\": 300.0", "$.scale.low", 7, NumberNotWhole)]
    [InlineData("\"low\": 300", "\"low\": -3000000000", "$.scale.low", 7, NumberNotWhole)]
    [InlineData("\"baseline\": 40,", "", "$.characteristics[0].baseline", 9, FieldMissing)]
    [InlineData("\"baseline\": 40", "\"baseline\": 1e999", "$.characteristics[0].baseline", 13, NumberNotFinite)]
    [InlineData("\"baseline\": 40", "\"baseline\": \"40\"", "$.characteristics[0].baseline", 13, KindWrong)]
    [InlineData("\"baseline\": 40", "\"baseline\": null", "$.characteristics[0].baseline", 13, KindWrong)]
    [InlineData("\"type\": \"text\"", "\"type\": \"word\"", "$.characteristics[1].type", 27, WordUnknown)]
    [InlineData("\"words\": \"This cost points.\"", "\"words\": \"This cost points.\", \"more\": [1, {}]", "$.characteristics[0].reason.more", 12, FieldUnknown)]
    [InlineData("\"goods\": 10", "\"goods\": 10, \"goods\": 10", "$.characteristics[0].bins[0].goods", 18, FieldRepeated)]
    [InlineData("\"goods\": 10", "\"goods\": 1e1", "$.characteristics[0].bins[0].goods", 18, NumberNotWhole)]
    [InlineData("\"missing\": true, \"points\": 20", "\"missing\": false, \"points\": 20", "$.characteristics[0].bins[4].missing", 22, WordUnknown)]
    [InlineData("\"ks\": 0.4, ", "", "$.training.ks", 38, FieldMissing)]
    [InlineData("\"car\"", "7", "$.characteristics[1].bins[0].values[0]", 31, KindWrong)]

    // What they say.
    [InlineData("small-1", "Small", "$.model", 3, ModelMalformed)]
    [InlineData("small-1", "a-name-that-is-longer-than-it-may-be-here", "$.model", 3, ModelMalformed)]
    [InlineData("\"title\": \"Small\"", "\"title\": \"\\u0001\"", "$.title", 4, TextNotWritable)]
    [InlineData("\"baseOdds\": 30", "\"baseOdds\": 0", "$.scale", 7, ScaleMeaningless)]
    [InlineData("\"high\": 850", "\"high\": 300", "$.scale", 7, ScaleMeaningless)]
    [InlineData("\"name\": \"purpose\"", "\"name\": \" \"", "$.characteristics[1].name", 26, TextEmpty)]
    [InlineData("\"name\": \"purpose\"", "\"name\": \"worst_delinquency_12\"", "$.characteristics[1].name", 26, NameRepeated)]
    [InlineData("\"PURPOSE\"", "\"R17\"", "$.characteristics[1].reason.code", 28, ReasonCodeRepeated)]
    [InlineData("\"PURPOSE\"", "\" r17\"", "$.characteristics[1].reason.code", 28, ReasonCodeRepeated)]
    [InlineData("\"PURPOSE\"", "\"purpose\"", "$.characteristics[1].reason.code", 28, ReasonCodeMalformed)]
    [InlineData("\"PURPOSE\"", "\"LONGER_THAN_IT_MAY\"", "$.characteristics[1].reason.code", 28, ReasonCodeMalformed)]
    [InlineData("\"This cost points.\"", "\"\"", "$.characteristics[0].reason.words", 12, TextEmpty)]
    [InlineData("\"initialPoints\": 0.5", "\"initialPoints\": 1.7e308", "$.characteristics", 8, NumberNotFinite, "\"points\": 40", "\"points\": 1e308")]
    [InlineData("\"goods\": 10", "\"goods\": -1", "$.characteristics[0].bins[0].goods", 18, FigureOutOfRange)]
    [InlineData("\"bads\": 9", "\"bads\": 101", "$.training.bads", 38, FigureOutOfRange)]
    [InlineData("\"auc\": 0.75", "\"auc\": 1.01", "$.training.auc", 38, FigureOutOfRange)]
    [InlineData(Training, "\"signature\": { \"algorithm\": \"none\", \"keyId\": \"k\", \"value\": \"\" }, " + Training, "$.signature.algorithm", 38, WordUnknown)]
    [InlineData(Training, "\"signature\": { \"algorithm\": \"ES256\", \"keyId\": \"k\", \"value\": \"AAAA\" }, " + Training, "$.signature.value", 38, SignatureMalformed)]

    // Bins: each value in exactly one of them.
    [InlineData("\"special\": -1, ", "", "$.characteristics[0].bins[3]", 21, BinKindWrong)]
    [InlineData("\"special\": -1, ", "\"special\": -1, \"unseen\": true, ", "$.characteristics[0].bins[3]", 21, BinKindWrong)]
    [InlineData("\"special\": -1, ", "\"special\": \"-1\", ", "$.characteristics[0].bins[3]", 21, BinKindWrong)]
    [InlineData("\"special\": -1, ", "\"from\": -1, ", "$.characteristics[0].bins[3].to", 21, FieldMissing)]
    [InlineData(NumberMissing, "{ \"missing\": true, \"points\": 20 }, { \"unseen\": true, \"points\": 0 }", "$.characteristics[0].bins[5]", 22, BinKindWrong)]
    [InlineData("\"special\": \"none\"", "\"special\": 0", "$.characteristics[1].bins[1]", 32, BinKindWrong)]
    [InlineData(First, "", "$.characteristics[0].bins[0].from", 19, BinsLeaveOut)]
    [InlineData(Last, "", "$.characteristics[0].bins", 17, BinsLeaveOut)]
    [InlineData(Second, "", "$.characteristics[0].bins[1].from", 20, BinsLeaveOut)]
    [InlineData("\"from\": 1, ", "\"from\": 1.0001, ", "$.characteristics[0].bins[1].from", 19, BinsLeaveOut)]
    [InlineData("\"from\": null, ", "\"from\": -1e300, ", "$.characteristics[0].bins[0].from", 18, BinsLeaveOut)]
    [InlineData("\"to\": null, ", "\"to\": 1e300, ", "$.characteristics[0].bins", 17, BinsLeaveOut)]
    [InlineData("\"from\": 1, ", "\"from\": 0.9999, ", "$.characteristics[0].bins[1].from", 19, BinsOverlap)]
    [InlineData("\"from\": 1, ", "\"from\": null, ", "$.characteristics[0].bins[1].from", 19, BinsOverlap)]
    [InlineData("\"to\": 30.5", "\"to\": 1", "$.characteristics[0].bins[1]", 19, BinEmpty)]
    [InlineData("\"to\": 1,", "\"to\": null,", "$.characteristics[0].bins[1].from", 19, BinsOverlap)]
    [InlineData(NumberMissing, "{ \"special\": -1.0, \"points\": 0 }", "$.characteristics[0].bins[4].special", 22, BinsOverlap)]
    [InlineData(NumberMissing, "{ \"special\": -2, \"points\": 0 }", "$.characteristics[0].bins", 17, BinsLeaveOut)]
    [InlineData(NumberMissing, NumberMissing + ", " + NumberMissing, "$.characteristics[0].bins[5]", 22, BinsOverlap)]
    [InlineData(Values, "[]", "$.characteristics[1].bins[0].values", 31, BinEmpty)]
    [InlineData(Values, "[\"car\",\n\"car\"]", "$.characteristics[1].bins[0].values[1]", 32, BinsOverlap)]
    [InlineData("\"special\": \"none\"", "\"special\": \"car\"", "$.characteristics[1].bins[1].special", 32, BinsOverlap)]
    [InlineData(Unseen, "{ \"special\": \"b\", \"points\": 0 }", "$.characteristics[1].bins", 30, BinsLeaveOut)]
    [InlineData(Unseen, Unseen + ", " + Unseen, "$.characteristics[1].bins[4]", 34, BinsOverlap)]
    public void A_text_that_means_nothing_is_refused_by_path_and_line(
        string find, string put, string path, int line, ScorecardDocumentRefusal refusal, string alsoFind = "", string alsoPut = "")
    {
        Assert.Contains(find, Text, StringComparison.Ordinal);
        var text = find == Text ? put : Replaced(Text, find, put);
        if (alsoFind.Length > 0) text = Replaced(text, alsoFind, alsoPut);

        var reading = ScorecardJson.Read(text);

        Assert.Null(reading.Document);
        Assert.Equal((refusal, path, line), (reading.Fault!.Refusal, reading.Fault.Path, reading.Fault.Line));
        Assert.NotEmpty(reading.Fault.Message);
    }

    // An attribute of a test cannot hold half a character.
    [Fact]
    public void Half_a_character_is_no_text() =>
        Assert.Equal((NotJson, 4), (ScorecardJson.Read(Replaced(Text, "Small", "\ud83d")).Fault!.Refusal, ScorecardJson.Read(Replaced(Text, "Small", "\ud83d")).Fault!.Line));

    [Fact]
    public void A_model_without_characteristics_or_bins_scores_nothing()
    {
        Assert.Equal(NothingScored, ScorecardDocumentRules.FirstFault(Documents.Full with { Characteristics = [] })!.Refusal);
        Assert.Equal(BinsLeaveOut, ScorecardDocumentRules.FirstFault(Documents.Full with { Characteristics = [Documents.Full.Characteristics[0] with { Bins = [] }] })!.Refusal);
    }

    [Fact]
    public void What_means_nothing_is_not_written_and_not_scored()
    {
        var senseless = Documents.Full with { InitialPoints = double.NaN };

        Assert.Equal((NumberNotFinite, "$.initialPoints", 0), (ScorecardDocumentRules.FirstFault(senseless)!.Refusal, ScorecardDocumentRules.FirstFault(senseless)!.Path, ScorecardDocumentRules.FirstFault(senseless)!.Line));
        Assert.Throws<ArgumentException>(() => ScorecardJson.Write(senseless));
        Assert.Throws<ArgumentException>(() => ScorecardJson.DigestOf(senseless));
        Assert.Throws<InvalidOperationException>(() => senseless.ToScorecard());
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, TooLarge)]
    public void The_longest_text_is_read_and_one_byte_more_is_not(int more, ScorecardDocumentRefusal? refusal)
    {
        // The one letter beyond ASCII takes two bytes.
        var text = Text + new string(' ', ScorecardJson.MaxBytes - Text.Length - 1 + more);

        Assert.Equal(refusal, ScorecardJson.Read(text).Fault?.Refusal);
        Assert.Equal(refusal, ScorecardJson.Read(new StringReader(text)).Fault?.Refusal);
    }

    [Fact]
    public void The_first_input_that_no_model_may_ask_for_is_named()
    {
        Assert.Null(ScorecardInputs.FirstBanned(Documents.Full));
        Assert.Equal(
            new BannedInput("zip_code", "zip"),
            ScorecardInputs.FirstBanned(Documents.Full with { Characteristics = [Documents.Full.Characteristics[0], Documents.Full.Characteristics[1] with { Name = "zip_code" }] }));
    }

    private static string Replaced(string text, string find, string put)
    {
        var at = text.IndexOf(find, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), put, text.AsSpan(at + find.Length));
    }

    private static ScorecardDocument Read(string json)
    {
        var reading = ScorecardJson.Read(json);
        Assert.True(reading.Fault is null, reading.Fault?.ToString());
        return reading.Document!;
    }
}
