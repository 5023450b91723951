using Xunit;

namespace CreditGrains.Ledger.Tests.Models;

/// <summary>What the register takes, refuses and lets move.</summary>
public sealed class ModelRegisterTests
{
    private static readonly string Pmml = PmmlWriter.Write(ShippedModels.ThinFile.ToScorecard());
    private static readonly string FirstInput = ShippedModels.ThinFile.Characteristics[0].Name;
    private static readonly string FirstCode = ShippedModels.ThinFile.Characteristics[0].Reason.Code;
    private static readonly string SecondCode = ShippedModels.ThinFile.Characteristics[1].Reason.Code;

    /// <summary>Gets bad documents: the name of what is wrong, the document, the refusal, and what its detail names.</summary>
    public static TheoryData<string, string, ModelRefusal, string> Bad => new()
    {
        { "unknown element", Pmml.Replace("<Characteristics>", "<Weights /><Characteristics>", StringComparison.Ordinal), ModelRefusal.DocumentNotHonoured, "Weights" },
        { "derived field that goes in a circle", Pmml.Replace("<Characteristics>", "<LocalTransformations><DerivedField name=\"a\" optype=\"continuous\" dataType=\"double\"><FieldRef field=\"a\" /></DerivedField></LocalTransformations><Characteristics>", StringComparison.Ordinal), ModelRefusal.DocumentNotHonoured, "DerivedField" },
        { "not a number", Pmml.Replace("partialScore=\"", "partialScore=\"NaN", StringComparison.Ordinal), ModelRefusal.DocumentNotHonoured, "partialScore" },
        { "one reason for two characteristics", Pmml.Replace($"\"{SecondCode}\"", $"\"{FirstCode}\"", StringComparison.Ordinal), ModelRefusal.DocumentNotHonoured, FirstCode },
        { "entity from elsewhere", "<!DOCTYPE PMML [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>" + Pmml, ModelRefusal.DocumentNotHonoured, "line 1" },
        { "a billion laughs", "<!DOCTYPE PMML [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>" + Pmml, ModelRefusal.DocumentNotHonoured, "line 1" },
        { "no XML at all", "score = 1", ModelRefusal.DocumentNotHonoured, "line 1" },
        { "JSON with a field that nobody knows", ScorecardJson.Write(ShippedModels.ThinFile).Replace("\"initialPoints\"", "\"startPoints\"", StringComparison.Ordinal), ModelRefusal.DocumentNotHonoured, "startPoints" },
        { "banned input", Pmml.Replace(FirstInput, "gender_code", StringComparison.Ordinal), ModelRefusal.InputBanned, "INPUT_BANNED" },
        { "input that is none of the catalogue's", Pmml.Replace(FirstInput, "shoe_size", StringComparison.Ordinal), ModelRefusal.InputUnknown, "shoe_size" },
        { "input that is a text", AsText(FirstInput), ModelRefusal.InputUnknown, "number" },
        { "reason code that no record can hold", Pmml.Replace($"\"{FirstCode}\"", "\"Rückstand\"", StringComparison.Ordinal), ModelRefusal.DocumentNotHonoured, "reason code" },
        { "reason code that is too long", Pmml.Replace($"\"{FirstCode}\"", $"\"{new string('R', 17)}\"", StringComparison.Ordinal), ModelRefusal.DocumentNotHonoured, "reason code" },
        { "no reasons", Pmml.Replace("useReasonCodes=\"true\"", "useReasonCodes=\"false\"", StringComparison.Ordinal), ModelRefusal.ReasonsMissing, "reasons" },
        { "no scale", System.Text.RegularExpressions.Regex.Replace(Pmml, "<Extension[^>]*\"scale\"[^>]*/>", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)), ModelRefusal.ScaleMissing, "base points" },
        { "too long", new string(' ', ModelRegister.MaxDocumentCharacters + 1), ModelRefusal.DocumentTooLarge, "characters" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_bad_model_is_refused_and_named_and_nothing_changes(string what, string document, ModelRefusal refusal, string named)
    {
        var decision = ModelRegister.Empty.Register(ModelNames.ThinFile, document, "ada");

        Assert.True(decision.Refusal == refusal, $"{what}: {decision.Refusal}, {decision.Detail}");
        Assert.Null(decision.Happened);
        Assert.Contains(named, decision.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_scores_nobody_is_not_taken() =>
        Assert.Equal(ModelRefusal.ModelUnknown, ModelRegister.Empty.Register("mortgage", Pmml, "ada").Refusal);

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("jürgen")]
    public void Nobody_without_a_name_changes_anything(string person)
    {
        var version = new ModelVersion(ModelNames.Standard, 1);
        Assert.Equal(ModelRefusal.PersonMalformed, ModelRegister.Empty.Register(ModelNames.ThinFile, "", person).Refusal);
        Assert.Equal(ModelRefusal.PersonMalformed, ModelRegister.Empty.Propose(version, ModelState.Retired, person).Refusal);
        Assert.Equal(ModelRefusal.PersonMalformed, ModelRegister.Empty.Approve(version, ModelState.Retired, person).Refusal);
    }

    [Fact]
    public void The_champion_is_not_retired_without_a_successor_and_every_move_is_on_the_way()
    {
        var register = Registered(out var version);
        foreach (var (from, to) in new[] { (ModelState.Registered, ModelState.Champion), (ModelState.Registered, ModelState.Registered) })
            Assert.Equal(ModelRefusal.MoveNotAllowed, register.Propose(version, to, "ben").Refusal);
        Assert.Equal(ModelRefusal.MoveNotAllowed, register.Propose(new(ModelNames.ThinFile, 1), ModelState.Retired, "ben").Refusal);
        Assert.Equal(ModelRefusal.VersionUnknown, register.Propose(new(ModelNames.ThinFile, 9), ModelState.Challenger, "ben").Refusal);

        register = Moved(Moved(register, version, ModelState.Challenger), version, ModelState.Champion);
        Assert.Equal(version, register.Standing(ModelNames.ThinFile, ModelState.Champion)!.Version);
        Assert.Equal(ModelState.Retired, register.InfoOf(new(ModelNames.ThinFile, 1))!.State);
        Assert.Equal(new ModelVersion(ModelNames.Standard, 1), register.Standing(ModelNames.Standard, ModelState.Champion)!.Version);
        Assert.Null(register.Standing(ModelNames.ThinFile, ModelState.Challenger));
    }

    [Fact]
    public void An_approval_is_of_what_was_proposed_last()
    {
        var register = Registered(out var version);
        register = register.After(register.Propose(version, ModelState.Challenger, "ben").Happened!);
        register = register.After(register.Propose(version, ModelState.Retired, "cleo").Happened!);

        Assert.Equal(ModelRefusal.NotProposed, register.Approve(version, ModelState.Challenger, "dora").Refusal);
        Assert.Equal(ModelRefusal.SamePerson, register.Approve(version, ModelState.Retired, "cleo").Refusal);
        Assert.Null(register.Approve(version, ModelState.Retired, "ben").Refusal);
    }

    [Fact]
    public void Events_are_read_as_they_were_written_and_bytes_that_are_none_are_not_events()
    {
        var happened = ModelRegister.Empty.Register(ModelNames.ThinFile, Pmml, "ada").Happened!;
        Assert.Equal(happened, ModelEvent.TryDecode(happened.Encode()));
        Assert.Null(ModelEvent.TryDecode([1, 2, 3]));
        Assert.Null(ModelEvent.TryDecode([]));
    }

    /// <summary>Makes the document ask for an input as a text, which no characteristic is.</summary>
    private static string AsText(string input)
    {
        var text = new DocumentCharacteristic(
            input, true, new("R77", "A text"), 1, [new(new DocumentRange.Texts(["a"]), 1), new(new DocumentRange.Missing(), 0), new(new DocumentRange.Unseen(), 0)]);
        return ScorecardJson.Write(ShippedModels.ThinFile with { Characteristics = ShippedModels.ThinFile.Characteristics.SetItem(0, text) });
    }

    private static ModelRegister Registered(out ModelVersion version)
    {
        var happened = ModelRegister.Empty.Register(ModelNames.ThinFile, Pmml, "ada").Happened!;
        version = new(happened.Model, happened.Version);
        return ModelRegister.Empty.After(happened);
    }

    private static ModelRegister Moved(ModelRegister register, ModelVersion version, ModelState state)
    {
        register = register.After(register.Propose(version, state, "ben").Happened!);
        return register.After(register.Approve(version, state, "cleo").Happened!);
    }
}
