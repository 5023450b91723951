namespace CreditGrains.Ledger.Tests;

/// <summary>Documents damaged at random, the same for a seed.</summary>
internal static class Damaged
{
    /// <summary>Changes a character, cuts some out, puts one in, or puts a piece of the text elsewhere.</summary>
    /// <param name="text">The document.</param>
    /// <param name="alphabet">What is put in.</param>
    /// <param name="random">Chooses.</param>
    internal static string Of(string text, string alphabet, Random random)
    {
        var (from, to) = (random.Next(text.Length), random.Next(text.Length));
        var length = random.Next(Math.Min(60, text.Length - from));
        var other = alphabet[random.Next(alphabet.Length)].ToString();
        return random.Next(4) switch
        {
            0 => text.Remove(from, 1).Insert(from, other),
            1 => text.Remove(from, 1 + length / 8),
            2 => text.Insert(from, other),
            _ => text.Insert(to, text.Substring(from, length)),
        };
    }
}
