namespace CreditGrains.Client;

/// <summary>How many copies of late calls a client may send: a tenth of its calls, and some in reserve for the moment when a silo falls silent.</summary>
/// <remarks>
/// A store that is full makes every answer late. Without a bound each late call would be sent several times over, each copy would be looked up in that
/// same store, and a ledger that was merely full would answer nobody any more.
/// </remarks>
internal sealed class CopyBudget
{
    /// <summary>The most copies that can be saved up.</summary>
    internal const int Reserve = 1_024;

    private const int CallsForACopy = 10;

    // In tenths of a copy.
    private long _saved = (long)Reserve * CallsForACopy;

    /// <summary>Saves a tenth of a copy: a call was made.</summary>
    internal void Earn()
    {
        // Where many earn at once it goes a little over the reserve, or one tenth is lost; neither matters.
        if (Volatile.Read(ref _saved) < (long)Reserve * CallsForACopy) Interlocked.Increment(ref _saved);
    }

    /// <summary>Spends a copy, if there is one.</summary>
    internal bool TrySpend()
    {
        if (Interlocked.Add(ref _saved, -CallsForACopy) >= 0) return true;
        Interlocked.Add(ref _saved, CallsForACopy);
        return false;
    }
}
