using System.CommandLine;

namespace CreditGrains.Silo.CommandLine;

/// <summary>The argument REF: which citizen.</summary>
internal static class CitizenArgument
{
    /// <summary>Makes the argument.</summary>
    public static Argument<string> Make() => new("REF") { Description = "The citizen, as scheme:id, such as berka:2 or sim:17; or a pseudonym of 32 hexadecimal digits" };

    /// <summary>Turns the argument into a pseudonym.</summary>
    /// <param name="ledger">The ledger, whose key names the citizen.</param>
    /// <param name="reference">What was given.</param>
    /// <exception cref="UsageException">It is no reference. The message does not repeat it.</exception>
    public static CitizenId Read(OpenLedger ledger, string reference)
    {
        if (CitizenId.TryParse(reference, out var id)) return id;
        try
        {
            return ledger.Pseudonymizer.Pseudonym(reference);
        }
        catch (ArgumentException)
        {
            throw new UsageException("REF must be scheme:id, such as berka:2, with at most 128 bytes on either side; or a pseudonym of 32 hexadecimal digits.");
        }
    }

    /// <summary>Takes the answer out of what a read came back with.</summary>
    /// <typeparam name="T">What was asked for.</typeparam>
    /// <param name="answer">What came back.</param>
    /// <exception cref="UsageException">The request asks for the future, or a field is out of its range.</exception>
    /// <exception cref="LedgerNotOpenedException">The ledger cannot answer now.</exception>
    public static T ValueOf<T>(ReadAnswer<T> answer) where T : class => answer switch
    {
        { Status: ReadStatus.Answered, Value: { } value } => value,
        { Status: ReadStatus.BadRequest } => throw new UsageException(
            $"The ledger does not answer for that {(answer.Field switch { "asOf" => "--as-of", "knownAt" => "--known-at", _ => "request" })}: it lies in the future, or out of range."),
        _ => throw new LedgerNotOpenedException("The ledger cannot answer now: its store is away or a partition is changing owner. Ask again in a moment."),
    };
}
