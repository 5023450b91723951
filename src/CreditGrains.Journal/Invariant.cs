using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CreditGrains.Journal;

/// <summary>States what must be true. On in every build, release included.</summary>
/// <remarks>For our own mistakes only. Input is refused and stores are doubted by other means. Nobody catches this.</remarks>
internal static class Invariant
{
    /// <summary>Throws unless <paramref name="claim"/> is true. The message is the claim as written.</summary>
    internal static void Holds(
        [DoesNotReturnIf(false)] bool claim,
        [CallerArgumentExpression(nameof(claim))] string text = "")
    {
        if (!claim) throw new UnreachableException($"Must hold: {text}");
    }
}
