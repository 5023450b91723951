using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CreditGrains.Ledger;

/// <summary>States what must be true. On in every build, release included.</summary>
/// <remarks>For our own mistakes only: what a furnisher sends is refused, and what a store gives is doubted, by other means. Nobody catches this.</remarks>
internal static class Invariant
{
    /// <summary>Throws unless <paramref name="claim"/> is true. The message is the claim as written.</summary>
    internal static void Holds(
        [DoesNotReturnIf(false)] bool claim,
        [CallerArgumentExpression(nameof(claim))] string text = "")
    {
        if (!claim) Fail(text);
    }

    [DoesNotReturn]
    private static void Fail(string text) => throw new UnreachableException($"Must hold: {text}");
}
