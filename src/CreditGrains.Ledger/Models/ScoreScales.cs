using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>The scales in which scores are given out. Which one is a ledger's configuration; the names are on disk.</summary>
public static class ScoreScales
{
    /// <summary>The name of the scale that is used where none is configured.</summary>
    public const string Default = "300-850";

    private static readonly ImmutableArray<(string Name, ScoreScale Scale)> Known = [(Default, ScoreScale.From300To850), ("350-950", ScoreScale.From350To950)];

    /// <summary>Gets their names.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>Finds a scale; null if there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    public static ScoreScale? Find(string name) => Known.FirstOrDefault(known => known.Name == name).Scale;
}
