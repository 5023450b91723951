using System.Collections.Frozen;

namespace CreditGrains.Ledger;

/// <summary>What no model may ask for, whatever it is called beside.</summary>
/// <remarks>
/// Protected traits (as fair-lending law lists them), whom the citizen knows, what they buy and from whom, where they are, and what the law on credit
/// reporting forbids to collect: faith, genes, fingerprints, blood, illness. A model is refused by the words in its inputs' names; that what an innocent name
/// holds is no such thing is for the two persons who approve it to see.
/// </remarks>
public static class BannedInputs
{
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.Ordinal,
        "age", "birth", "birthday", "sex", "gender", "race", "racial", "colour", "color", "ethnic", "ethnicity", "caste", "nationality", "foreign", "foreigner", "immigrant", "citizenship",
        "religion", "religious", "faith", "belief", "marital", "married", "divorced", "single", "spouse", "children", "pregnant", "pregnancy", "dependants", "dependents",
        "health", "medical", "illness", "disease", "disability", "blood", "genetic", "gene", "genes", "biometric", "fingerprint", "face", "political", "party", "union",
        "friend", "friends", "contact", "contacts", "social", "relation", "relations", "relatives", "family", "follower", "followers", "network", "graph", "chat", "message", "messages",
        "basket", "cart", "shopping", "merchant", "merchants", "purchase", "purchases", "browsing", "search", "clicks", "game", "games", "gaming",
        "location", "gps", "device", "phone", "province", "region", "postcode", "zip", "address", "neighbourhood", "neighborhood", "name", "surname", "language", "photo");

    /// <summary>Tells the first banned word in an input's name; null where there is none.</summary>
    /// <param name="input">The name; words are told apart by anything but letters, and by capitals.</param>
    public static string? FirstIn(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> word = stackalloc char[32];
        var length = 0;
        for (var at = 0; at <= input.Length; at++)
        {
            var isLetter = at < input.Length && char.IsLetter(input[at]);
            var begins = isLetter && char.IsUpper(input[at]) && at > 0 && char.IsLower(input[at - 1]);
            if (length > 0 && (!isLetter || begins))
            {
                if (lookup.TryGetValue(word[..length], out var banned)) return banned;
                length = 0;
            }

            // No word is as long as this: what does not fit is none of them.
            if (isLetter && length < word.Length) word[length++] = char.ToLowerInvariant(input[at]);
        }

        return null;
    }
}
