using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>What a document must not hold, and what it may.</summary>
public sealed class PmmlReaderTests
{
    // Its lines are counted below: the root is line 1, the data field 3, the characteristic 13, its attributes 14 and 15.
    private const string Document = """
        <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
          <DataDictionary>
            <DataField name="age" optype="continuous" dataType="double"/>
            <DataField name="job" optype="categorical" dataType="string"/>
          </DataDictionary>
          <Scorecard functionName="regression" initialScore="100" modelName="m">
            <MiningSchema>
              <MiningField name="age"/>
              <MiningField name="job"/>
            </MiningSchema>
            <Output><OutputField name="score" feature="predictedValue" dataType="double" optype="continuous"/></Output>
            <Characteristics>
              <Characteristic name="c1" reasonCode="R1" baselineScore="10">
                <Attribute partialScore="1"><SimplePredicate field="age" operator="lessThan" value="30"/></Attribute>
                <Attribute partialScore="2"><True/></Attribute>
              </Characteristic>
              <Characteristic name="c2" reasonCode="R2" baselineScore="10">
                <Attribute partialScore="3"><SimpleSetPredicate field="job" booleanOperator="isIn"><Array n="2" type="string">a "b c"</Array></SimpleSetPredicate></Attribute>
                <Attribute partialScore="4"><CompoundPredicate booleanOperator="or"><SimplePredicate field="job" operator="isMissing"/><True/></CompoundPredicate></Attribute>
              </Characteristic>
            </Characteristics>
          </Scorecard>
        </PMML>
        """;

    private const string Age = """<DataField name="age" optype="continuous" dataType="double"/>""";

    private const string MiningAge = """<MiningField name="age"/>""";

    private const string Young = """<SimplePredicate field="age" operator="lessThan" value="30"/>""";

    private const string Two = """<Attribute partialScore="2"><True/></Attribute>""";

    private const string Four = """<CompoundPredicate booleanOperator="or"><SimplePredicate field="job" operator="isMissing"/><True/></CompoundPredicate>""";

    private static string Computed(string expression) => $"<Attribute><True/><ComplexPartialScore>{expression}</ComplexPartialScore></Attribute>";

    [Fact]
    public void The_document_that_the_others_are_made_from_is_read()
    {
        var scored = Cards.Score(Cards.Read(Document), FieldValue.Of(20), FieldValue.Of("b c"));

        Assert.Equal(104, scored.Score);
        Assert.Equal([new("R1", 9), new("R2", 7)], scored.Reasons.ToArray());
    }

    [Theory]
    [InlineData("", "", "PMML", 1, ScorecardRefusal.NotXml)]
    [InlineData("no document at all", "", "PMML", 1, ScorecardRefusal.NotXml)]
    [InlineData("<PMML><open></PMML>", "", "PMML", 1, ScorecardRefusal.NotXml)]
    [InlineData("<html/>", "", "html", 1, ScorecardRefusal.NotPmml)]
    [InlineData("<PMML version=\"4.4\"/>", "", "PMML", 1, ScorecardRefusal.NotPmml)]
    [InlineData("http://www.dmg.org/PMML-4_4", "http://www.dmg.org/PMML-3_2", "PMML", 1, ScorecardRefusal.VersionNotRead)]
    [InlineData("http://www.dmg.org/PMML-4_4", "http://www.dmg.org/PMML-4_3", "PMML", 1, ScorecardRefusal.VersionNotRead)]
    [InlineData("version=\"4.4\"", "version=\"4.45\"", "PMML", 1, ScorecardRefusal.VersionNotRead)]
    [InlineData("version=\"4.4\"", "", "PMML", 1, ScorecardRefusal.AttributeMissing)]

    // Other models and what could change a score.
    [InlineData("</PMML>", "<TreeModel/></PMML>", "TreeModel", 23, ScorecardRefusal.ElementNotHonoured)]
    [InlineData("</PMML>", "<Scorecard/></PMML>", "Scorecard", 23, ScorecardRefusal.ElementRepeated)]
    [InlineData("<MiningSchema>", "<LocalTransformations><DerivedField name=\"d\"/></LocalTransformations><MiningSchema>", "DerivedField", 7, ScorecardRefusal.ElementNotHonoured)]
    [InlineData("  <DataDictionary>", "<TransformationDictionary>\n<DerivedField name=\"a\"><FieldRef field=\"b\"/></DerivedField><DerivedField name=\"b\"><FieldRef field=\"a\"/></DerivedField></TransformationDictionary><DataDictionary>", "DerivedField", 3, ScorecardRefusal.ElementNotHonoured)]
    [InlineData("  <DataDictionary>", "<TransformationDictionary><DefineFunction name=\"f\"/></TransformationDictionary><DataDictionary>", "DefineFunction", 2, ScorecardRefusal.ElementNotHonoured)]
    [InlineData("<MiningSchema>", "<Targets/><MiningSchema>", "Targets", 7, ScorecardRefusal.ElementNotHonoured)]
    [InlineData("<MiningSchema>", "<ModelVerification/><MiningSchema>", "ModelVerification", 7, ScorecardRefusal.ElementNotHonoured)]
    [InlineData("<Characteristics>", "<x:Surprise xmlns:x=\"urn:x\"/><Characteristics>", "Surprise", 12, ScorecardRefusal.ElementNotHonoured)]
    [InlineData(Two, "<Atribute partialScore=\"2\"><True/></Atribute>", "Atribute", 15, ScorecardRefusal.ElementNotHonoured)]
    [InlineData("initialScore=\"100\"", "initialScore=\"100\" scale=\"2\"", "Scorecard", 6, ScorecardRefusal.AttributeNotHonoured)]
    [InlineData("partialScore=\"2\"", "partialScore=\"2\" weight=\"2\"", "Attribute", 15, ScorecardRefusal.AttributeNotHonoured)]
    [InlineData("functionName=\"regression\"", "functionName=\"classification\"", "Scorecard", 6, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("functionName=\"regression\"", "functionName=\"regression\" isScorable=\"false\"", "Scorecard", 6, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("initialScore=\"100\"", "reasonCodeAlgorithm=\"pointsBeside\"", "Scorecard", 6, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("feature=\"predictedValue\"", "feature=\"probability\"", "OutputField", 11, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("feature=\"predictedValue\" dataType=\"double\"", "feature=\"predictedValue\" dataType=\"integer\"", "OutputField", 11, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("feature=\"predictedValue\"", "feature=\"reasonCode\" rank=\"0\"", "OutputField", 11, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("<Characteristics>", "<Characteristics>words", "Characteristics", 12, ScorecardRefusal.TextUnexpected)]

    // Numbers.
    [InlineData("partialScore=\"2\"", "partialScore=\"NaN\"", "Attribute", 15, ScorecardRefusal.NumberMalformed)]
    [InlineData("partialScore=\"2\"", "partialScore=\"INF\"", "Attribute", 15, ScorecardRefusal.NumberMalformed)]
    [InlineData("partialScore=\"2\"", "partialScore=\"-Infinity\"", "Attribute", 15, ScorecardRefusal.NumberMalformed)]
    [InlineData("partialScore=\"2\"", "partialScore=\"1e999\"", "Attribute", 15, ScorecardRefusal.NumberMalformed)]
    [InlineData("partialScore=\"2\"", "partialScore=\"1,5\"", "Attribute", 15, ScorecardRefusal.NumberMalformed)]
    [InlineData("baselineScore=\"10\"", "baselineScore=\"∞\"", "Characteristic", 13, ScorecardRefusal.NumberMalformed)]
    [InlineData("value=\"30\"", "value=\"thirty\"", "SimplePredicate", 14, ScorecardRefusal.NumberMalformed)]

    // Names, fields and reasons.
    [InlineData("name=\"c2\"", "name=\"c1\"", "Characteristic", 17, ScorecardRefusal.NameRepeated)]
    [InlineData("""<DataField name="job" """, """<DataField name="age" """, "DataField", 4, ScorecardRefusal.NameRepeated)]
    [InlineData("""<MiningField name="job"/>""", """<MiningField name="age"/>""", "MiningField", 9, ScorecardRefusal.NameRepeated)]
    [InlineData("""<MiningField name="job"/>""", """<MiningField name="rank"/>""", "MiningField", 9, ScorecardRefusal.FieldUndeclared)]
    [InlineData("""<MiningField name="job"/>""", """<MiningField name="job" usageType="supplementary"/>""", "SimpleSetPredicate", 18, ScorecardRefusal.FieldUndeclared)]
    [InlineData("""<MiningField name="job"/>""", """<MiningField name="job" usageType="frequencyWeight"/>""", "MiningField", 9, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("field=\"age\"", "field=\"wage\"", "SimplePredicate", 14, ScorecardRefusal.FieldUndeclared)]
    [InlineData("reasonCode=\"R1\"", "", "Attribute", 14, ScorecardRefusal.ReasonCodeMissing)]
    [InlineData("reasonCode=\"R1\"", "reasonCode=\" \"", "Characteristic", 13, ScorecardRefusal.ReasonCodeMissing)]
    [InlineData("reasonCode=\"R2\"", "reasonCode=\"r1\"", "Characteristic", 17, ScorecardRefusal.ReasonCodeAmbiguous)]
    [InlineData("reasonCode=\"R2\"", "reasonCode=\"R1 \"", "Characteristic", 17, ScorecardRefusal.ReasonCodeAmbiguous)]
    [InlineData("reasonCode=\"R1\" baselineScore=\"10\"", "reasonCode=\"R1\"", "Characteristic", 13, ScorecardRefusal.BaselineScoreMissing)]

    // Fields and their treatment.
    [InlineData(Age, """<DataField name="age" optype="continuous" dataType="date"/>""", "DataField", 3, ScorecardRefusal.ValueNotHonoured)]
    [InlineData(Age, """<DataField name="age" optype="continuous" dataType="string"/>""", "DataField", 3, ScorecardRefusal.TypeMismatch)]
    [InlineData(Age, """<DataField name="age" optype="categorical" dataType="double"/>""", "SimplePredicate", 14, ScorecardRefusal.TypeMismatch)]
    [InlineData(Age, """<DataField name="age" optype="continuous" dataType="double" isCyclic="1"/>""", "DataField", 3, ScorecardRefusal.ValueNotHonoured)]
    [InlineData(MiningAge, """<MiningField name="age" missingValueTreatment="asMean"/>""", "MiningField", 8, ScorecardRefusal.TreatmentContradictory)]
    [InlineData(MiningAge, """<MiningField name="age" missingValueTreatment="returnInvalid" missingValueReplacement="1"/>""", "MiningField", 8, ScorecardRefusal.TreatmentContradictory)]
    [InlineData(MiningAge, """<MiningField name="age" invalidValueTreatment="asValue"/>""", "MiningField", 8, ScorecardRefusal.TreatmentContradictory)]
    [InlineData(MiningAge, """<MiningField name="age" invalidValueReplacement="1"/>""", "MiningField", 8, ScorecardRefusal.TreatmentContradictory)]
    [InlineData(MiningAge, """<MiningField name="age" outliers="asExtremeValues"/>""", "MiningField", 8, ScorecardRefusal.TreatmentContradictory)]
    [InlineData(MiningAge, """<MiningField name="age" outliers="asMissingValues" lowValue="3" highValue="2"/>""", "MiningField", 8, ScorecardRefusal.TreatmentContradictory)]
    [InlineData(MiningAge, """<MiningField name="age" outliers="asMissingValues" lowValue="3" missingValueReplacement="1"/>""", "MiningField", 8, ScorecardRefusal.TreatmentContradictory)]
    [InlineData("<DataDictionary>", "<DataDictionary numberOfFields=\"3\">", "DataDictionary", 2, ScorecardRefusal.ValueNotHonoured)]

    // Predicates.
    [InlineData(Young, "", "Attribute", 14, ScorecardRefusal.ElementMissing)]
    [InlineData(Young, "<True/><False/>", "False", 14, ScorecardRefusal.ElementRepeated)]
    [InlineData(Young, """<SimplePredicate field="age" operator="near" value="30"/>""", "SimplePredicate", 14, ScorecardRefusal.ValueNotHonoured)]
    [InlineData(Young, """<SimplePredicate field="age" operator="lessThan"/>""", "SimplePredicate", 14, ScorecardRefusal.AttributeMissing)]
    [InlineData(Young, """<SimplePredicate field="age" operator="isMissing" value="30"/>""", "SimplePredicate", 14, ScorecardRefusal.AttributeNotHonoured)]
    [InlineData(Young, """<SimplePredicate field="job" operator="lessThan" value="a"/>""", "SimplePredicate", 14, ScorecardRefusal.TypeMismatch)]
    [InlineData(Four, """<CompoundPredicate booleanOperator="or"><True/></CompoundPredicate>""", "CompoundPredicate", 19, ScorecardRefusal.ElementMissing)]
    [InlineData(Four, """<CompoundPredicate booleanOperator="nor"><True/><True/></CompoundPredicate>""", "CompoundPredicate", 19, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("n=\"2\"", "n=\"3\"", "Array", 18, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("a \"b c\"", "a \"b c", "Array", 18, ScorecardRefusal.ValueNotHonoured)]
    [InlineData("""n="2" type="string">a "b c"<""", """type="string"><""", "SimpleSetPredicate", 18, ScorecardRefusal.ElementMissing)]
    [InlineData("a \"b c\"", "a b\\c", "SimpleSetPredicate", 18, ScorecardRefusal.TextNotWritable)]
    [InlineData("type=\"string\"", "type=\"int\"", "Array", 18, ScorecardRefusal.TypeMismatch)]
    [InlineData("partialScore=\"2\"", "", "Attribute", 15, ScorecardRefusal.AttributeMissing)]
    public void What_is_not_honoured_is_refused_with_its_element_and_line(string part, string instead, string element, int line, ScorecardRefusal refusal)
    {
        // A part that is not in the document is a document of its own, and an empty one the empty document.
        var document = part.Length > 0 && Document.Contains(part, StringComparison.Ordinal) ? ReplaceFirst(part, instead) : part;

        var reading = PmmlReader.Read(document);

        Assert.Null(reading.Card);
        Assert.Equal((refusal, element, line), (reading.Fault!.Refusal, reading.Fault.Element, reading.Fault.Line));
        Assert.NotEmpty(reading.Fault.Message);
    }

    [Theory]
    [InlineData("<Apply function=\"ln\"><FieldRef field=\"age\"/></Apply>", "Apply", ScorecardRefusal.FunctionNotHonoured)]
    [InlineData("<Apply function=\"+\"><FieldRef field=\"age\"/></Apply>", "Apply", ScorecardRefusal.FunctionNotHonoured)]
    [InlineData("<Apply function=\"+\"><FieldRef field=\"age\"/><FieldRef field=\"job\"/></Apply>", "Apply", ScorecardRefusal.TypeMismatch)]
    [InlineData("<Apply function=\"/\"><Constant>7</Constant><Constant>2</Constant></Apply>", "Apply", ScorecardRefusal.TypeMismatch)]
    [InlineData("<Apply function=\"+\" invalidValueTreatment=\"asIs\"><FieldRef field=\"age\"/><Constant>1</Constant></Apply>", "Apply", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("<Apply function=\"if\" mapMissingTo=\"1\"><Apply function=\"isMissing\"><FieldRef field=\"age\"/></Apply><Constant>1</Constant></Apply>", "Apply", ScorecardRefusal.AttributeNotHonoured)]
    [InlineData("<Apply function=\"if\"><FieldRef field=\"age\"/><Constant>1</Constant></Apply>", "Apply", ScorecardRefusal.TypeMismatch)]
    [InlineData("<Apply function=\"equal\"><FieldRef field=\"age\"/><Constant>1</Constant></Apply>", "ComplexPartialScore", ScorecardRefusal.TypeMismatch)]
    [InlineData("<FieldRef field=\"job\"/>", "ComplexPartialScore", ScorecardRefusal.TypeMismatch)]
    [InlineData("<FieldRef field=\"wage\"/>", "FieldRef", ScorecardRefusal.FieldUndeclared)]
    [InlineData("<Constant>NaN</Constant>", "Constant", ScorecardRefusal.NumberMalformed)]
    [InlineData("<Constant>INF</Constant>", "Constant", ScorecardRefusal.NumberMalformed)]
    [InlineData("<Constant dataType=\"date\">1</Constant>", "Constant", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("<Constant missing=\"true\">1</Constant>", "Constant", ScorecardRefusal.ValueNotHonoured)]
    [InlineData("<NormContinuous field=\"age\"/>", "NormContinuous", ScorecardRefusal.ElementNotHonoured)]
    [InlineData("<Constant>1</Constant><Constant>1</Constant>", "Constant", ScorecardRefusal.ElementRepeated)]
    [InlineData("", "ComplexPartialScore", ScorecardRefusal.ElementMissing)]
    public void A_partial_score_that_cannot_be_computed_to_the_letter_is_refused(string expression, string element, ScorecardRefusal refusal)
    {
        var fault = PmmlReader.Read(ReplaceFirst(Two, Computed(expression))).Fault;

        Assert.Equal((refusal, element, 15), (fault?.Refusal, fault?.Element, fault?.Line));
    }

    [Fact]
    public void Entities_are_not_read_from_elsewhere_nor_swollen()
    {
        const string External = "<?xml version=\"1.0\"?>\n<!DOCTYPE PMML [<!ENTITY secret SYSTEM \"file:///etc/passwd\">]>\n<PMML>&secret;</PMML>";
        var laughs = "<!DOCTYPE PMML [\n<!ENTITY a0 \"ha\">" + string.Concat(Enumerable.Range(1, 30).Select(level => $"<!ENTITY a{level} \"&a{level - 1};&a{level - 1};\">")) + "]><PMML>&a30;</PMML>";

        Assert.Equal((ScorecardRefusal.DoctypeForbidden, "!DOCTYPE", 2), Where(External));
        Assert.Equal((ScorecardRefusal.DoctypeForbidden, "!DOCTYPE", 1), Where(laughs));
        Assert.Equal((ScorecardRefusal.NotXml, "PMML", 14), Where(ReplaceFirst("value=\"30\"", "value=\"&age;\"")));
    }

    [Fact]
    public void Great_and_deep_documents_are_refused_before_they_are_understood()
    {
        Assert.Equal((ScorecardRefusal.TooLarge, "PMML", 1), Where(Document, new() { MaxCharacters = Document.Length - 1 }));
        Assert.Null(PmmlReader.Read(Document, new() { MaxCharacters = Document.Length }).Fault);

        var deep = string.Concat(Enumerable.Repeat("<CompoundPredicate booleanOperator=\"and\">\n", 1_000));
        Assert.Equal((ScorecardRefusal.TooDeep, "CompoundPredicate", 73), Where(ReplaceFirst(Young, deep)));
    }

    [Fact]
    public void Characteristics_may_share_a_reason_code_unless_that_was_not_allowed()
    {
        var document = ReplaceFirst("reasonCode=\"R2\"", "reasonCode=\"R1\"");

        Assert.Equal([new("R1", 16)], Cards.Score(Cards.Read(document), FieldValue.Of(20), FieldValue.Of("a")).Reasons.ToArray());
        Assert.Equal((ScorecardRefusal.ReasonCodeAmbiguous, "Attribute", 18), Where(document, new() { RefuseSharedReasonCodes = true }));
        Assert.Null(PmmlReader.Read(Document, new() { RefuseSharedReasonCodes = true }).Fault);
    }

    [Theory]
    [InlineData("<Header/>", "<Header><Extension><Any xmlns=\"urn:any\">thing</Any></Extension><Application name=\"other\"/></Header>")]
    [InlineData(Two, "<Extension name=\"note\" value=\"v\"><Attribute/></Extension>" + Two)]
    [InlineData(MiningAge, """<MiningField name="age" importance="0.5" usageType="active" x-note="n"/>""")]
    [InlineData("<MiningSchema>", "<ModelStats><UnivariateStats field=\"age\"/></ModelStats><LocalTransformations/><MiningSchema>")]
    [InlineData("functionName=\"regression\"", "functionName=\"regression\" algorithmName=\"by hand\"")]
    [InlineData("a \"b c\"", "\"b c\"\n  a ")]
    [InlineData("""<Array n="2" type="string">a "b c"</Array>""", """<Array type="string">a "b c" "say \"x\""</Array>""")]
    public void What_changes_no_score_is_passed_over(string part, string instead)
    {
        var scored = Cards.Score(Cards.Read(ReplaceFirst(part, instead)), FieldValue.Of(20), FieldValue.Of("b c"));

        Assert.Equal(104, scored.Score);
    }

    [Theory]
    [InlineData("4_1", "4.1")]
    [InlineData("4_2", "4.2.1")]
    [InlineData("4_3", "4.3")]
    [InlineData("4_4", "4.4.1")]
    public void Versions_that_mean_the_same_are_read(string space, string version) =>
        Assert.Equal(106, Cards.Score(Cards.Read(Document.Replace("4_4", space, StringComparison.Ordinal).Replace("\"4.4\"", $"\"{version}\"", StringComparison.Ordinal)), FieldValue.Of(30), FieldValue.Missing).Score);

    private static string ReplaceFirst(string part, string instead)
    {
        var at = Document.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        return string.Concat(Document.AsSpan(0, at), instead, Document.AsSpan(at + part.Length));
    }

    private static (ScorecardRefusal? Refusal, string? Element, int? Line) Where(string document, PmmlReadOptions? options = null)
    {
        var fault = PmmlReader.Read(document, options).Fault;
        return (fault?.Refusal, fault?.Element, fault?.Line);
    }
}
