using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>All versions of all models, and where each stands: the fold of the register's events.</summary>
/// <remarks>
/// A value: every event gives a new register. The two shipped models are version 1 of theirs, and champions until another version is. Of each model
/// at most one version is champion and one challenger. A retired version stays, so that the scores that it gave can be repeated.
/// </remarks>
public sealed class ModelRegister
{
    /// <summary>The longest document, in bytes of its compressed record.</summary>
    public const int MaxDocumentBytes = 56 * 1024;

    /// <summary>The longest document, in characters.</summary>
    public const int MaxDocumentCharacters = 4 * 1024 * 1024;

    private const int MaxPersonLength = 64;
    private const string Shipped = "credit-grains";

    private readonly ImmutableSortedDictionary<ModelVersion, Row> _rows;

    private ModelRegister(ImmutableSortedDictionary<ModelVersion, Row> rows) => _rows = rows;

    /// <summary>Gets the register to which nothing has happened: the shipped models.</summary>
    public static ModelRegister Empty { get; } = new(ImmutableSortedDictionary.Create<ModelVersion, Row>(new ByName())
        .Add(new(ModelNames.Standard, 1), Row.Of(new(ModelNames.Standard, 1), ScorecardJson.Write(ShippedModels.Standard), Shipped, ModelState.Champion))
        .Add(new(ModelNames.ThinFile, 1), Row.Of(new(ModelNames.ThinFile, 1), ScorecardJson.Write(ShippedModels.ThinFile), Shipped, ModelState.Champion)));

    /// <summary>Gets all versions, ordered by model and version.</summary>
    public ImmutableArray<ModelInfo> Infos => [.. _rows.Values.Select(row => row.Info)];

    /// <summary>Gives the version of a model that stands somewhere; null if none does.</summary>
    /// <param name="model">Which model.</param>
    /// <param name="state">Champion or challenger.</param>
    public ScoringModel? Standing(string model, ModelState state) =>
        _rows.Values.FirstOrDefault(row => row.Info.Version.Model == model && row.Info.State == state)?.Made.Value;

    /// <summary>Gives a version, wherever it stands; null if there is none.</summary>
    /// <param name="version">Which.</param>
    public ScoringModel? Find(ModelVersion version) => _rows.TryGetValue(version, out var row) ? row.Made.Value : null;

    /// <summary>Gives a version's document; null if there is none.</summary>
    /// <param name="version">Which.</param>
    public string? DocumentOf(ModelVersion version) => _rows.TryGetValue(version, out var row) ? row.Document : null;

    /// <summary>Gives what the register says of a version; null if there is none.</summary>
    /// <param name="version">Which.</param>
    public ModelInfo? InfoOf(ModelVersion version) => _rows.TryGetValue(version, out var row) ? row.Info : null;

    /// <summary>Decides about a new version.</summary>
    /// <param name="model">Which model.</param>
    /// <param name="document">Its document.</param>
    /// <param name="person">Who brings it.</param>
    /// <returns>The event that takes it, or the first refusal that applies.</returns>
    public ModelDecision Register(string model, string document, string person)
    {
        if (!IsPerson(person)) return Refuse(ModelRefusal.PersonMalformed, "person");
        if (document is null || document.Length > MaxDocumentCharacters) return Refuse(ModelRefusal.DocumentTooLarge, $"more than {MaxDocumentCharacters} characters");
        var (read, fault) = ReadModel.Of(document);
        if (read is null) return Refuse(ModelRefusal.DocumentNotHonoured, fault!);
        var version = new ModelVersion(model ?? "", 1 + _rows.Keys.Where(row => row.Model == model).Select(row => row.Version).DefaultIfEmpty().Max());
        var happened = new ModelEvent(ModelEventKind.Registered, version.Model, version.Version, person, Document: document);
        if (happened.Encode().Length > MaxDocumentBytes) return Refuse(ModelRefusal.DocumentTooLarge, $"more than {MaxDocumentBytes} bytes compressed");
        var (_, refusal, detail) = ScoringModel.Make(version, read);
        if (refusal is { } unfit) return Refuse(unfit, detail!);
        if (version.Version == 1) return Refuse(ModelRefusal.ModelUnknown, $"Files are scored by {ModelNames.Standard} and {ModelNames.ThinFile}.");
        var digest = ReadModel.DigestOf(document);
        if (_rows.Values.FirstOrDefault(row => row.Info.Version.Model == model && row.Info.Digest == digest) is { } same) return Refuse(ModelRefusal.AlreadyRegistered, $"It is {same.Info.Version}.");
        return new(happened, null, null);
    }

    /// <summary>Decides about a proposal.</summary>
    /// <param name="version">Which version.</param>
    /// <param name="state">Where it shall go.</param>
    /// <param name="person">Who proposes.</param>
    public ModelDecision Propose(ModelVersion version, ModelState state, string person)
    {
        if (!IsPerson(person)) return Refuse(ModelRefusal.PersonMalformed, "person");
        if (InfoOf(version) is not { } info) return Refuse(ModelRefusal.VersionUnknown, $"{version}");
        return IsAllowed(info.State, state)
            ? new(new(ModelEventKind.Proposed, version.Model, version.Version, person, state), null, null)
            : Refuse(ModelRefusal.MoveNotAllowed, $"{version} is {info.State} and cannot become {state}.");
    }

    /// <summary>Decides about an approval.</summary>
    /// <param name="version">Which version.</param>
    /// <param name="state">Where it shall go, as proposed.</param>
    /// <param name="person">Who approves.</param>
    public ModelDecision Approve(ModelVersion version, ModelState state, string person)
    {
        if (!IsPerson(person)) return Refuse(ModelRefusal.PersonMalformed, "person");
        if (InfoOf(version) is not { } info) return Refuse(ModelRefusal.VersionUnknown, $"{version}");
        if (!IsAllowed(info.State, state)) return Refuse(ModelRefusal.MoveNotAllowed, $"{version} is {info.State} and cannot become {state}.");
        if (info.Proposed != state) return Refuse(ModelRefusal.NotProposed, $"Nobody has proposed that {version} becomes {state}.");
        return person == info.ProposedBy || person == info.RegisteredBy
            ? Refuse(ModelRefusal.SamePerson, $"{person} has registered or proposed it; another person approves.")
            : new(new(ModelEventKind.Approved, version.Model, version.Version, person, state), null, null);
    }

    /// <summary>Gives the register after an event. One that means nothing here changes nothing.</summary>
    /// <param name="happened">The event, decided by this register or read from its journal.</param>
    public ModelRegister After(ModelEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var version = new ModelVersion(happened.Model, happened.Version);
        if (happened is { Kind: ModelEventKind.Registered, Document: { } document })
            return new(_rows.SetItem(version, Row.Of(version, document, happened.Person, ModelState.Registered)));
        if (!_rows.TryGetValue(version, out var row) || happened.State is not { } state) return this;
        if (happened.Kind == ModelEventKind.Proposed) return With(row, row.Info with { Proposed = state, ProposedBy = happened.Person });
        if (happened.Kind != ModelEventKind.Approved) return this;

        // There is one of either: whoever stood there before is retired.
        var before = state == ModelState.Retired ? null : _rows.Values.FirstOrDefault(other => other.Info.Version.Model == version.Model && other.Info.State == state);
        var moved = With(row, row.Info with { State = state, Proposed = null, ProposedBy = null, ApprovedBy = happened.Person });
        return before is null ? moved : moved.With(before, before.Info with { State = ModelState.Retired, Proposed = null, ProposedBy = null });
    }

    private ModelRegister With(Row row, ModelInfo info) => new(_rows.SetItem(info.Version, row with { Info = info }));

    private static bool IsAllowed(ModelState from, ModelState to) => (from, to) is
        (ModelState.Registered, ModelState.Challenger) or (ModelState.Challenger, ModelState.Champion)
        or (ModelState.Registered, ModelState.Retired) or (ModelState.Challenger, ModelState.Retired);

    private static bool IsPerson(string? person) => person is { Length: > 0 and <= MaxPersonLength } && !person.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static ModelDecision Refuse(ModelRefusal refusal, string detail) => new(null, refusal, detail);

    /// <summary>A version with its document. It is made ready when it is first asked for; null where a newer program took what this one cannot honour.</summary>
    private sealed record Row(ModelInfo Info, string Document, Lazy<ScoringModel?> Made)
    {
        internal static Row Of(ModelVersion version, string document, string person, ModelState state) => new(
            new(version, state, ReadModel.DigestOf(document), person),
            document,
            new(() => ReadModel.Of(document).Model is { } read ? ScoringModel.Make(version, read).Model : null));
    }

    private sealed class ByName : IComparer<ModelVersion>
    {
        public int Compare(ModelVersion x, ModelVersion y) =>
            string.CompareOrdinal(x.Model, y.Model) is not 0 and var order ? order : x.Version.CompareTo(y.Version);
    }
}

/// <summary>The models that score files.</summary>
public static class ModelNames
{
    /// <summary>The model for files with a tradeline that is old enough to tell.</summary>
    public const string Standard = "standard";

    /// <summary>The model for files without one.</summary>
    public const string ThinFile = "thin-file";

    /// <summary>Gives the model that scores a file; null where there is nothing to score.</summary>
    /// <param name="coverage">How much of a file there is.</param>
    public static string? Of(Coverage coverage) => coverage switch
    {
        Coverage.Scorable => Standard,
        Coverage.Thin => ThinFile,
        _ => null,
    };
}

/// <summary>What the register decides: an event, or a refusal.</summary>
/// <param name="Happened">The event; null if refused.</param>
/// <param name="Refusal">Why; null if not.</param>
/// <param name="Detail">The same in words.</param>
public sealed record ModelDecision(ModelEvent? Happened, ModelRefusal? Refusal, string? Detail);
