using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>What a model says of one vector of characteristics.</summary>
/// <param name="Points">The points, in the model's own scale: not rounded, not cut to its ends.</param>
/// <param name="Reasons">At most four codes with the points that they cost, in the model's own scale, most first; each costs something.</param>
/// <param name="MostHelpful">The code of the characteristic that could add most points, and how many; null if none could.</param>
public sealed record ModelScore(double Points, ImmutableArray<ScoreReason> Reasons, ScoreReason? MostHelpful);
