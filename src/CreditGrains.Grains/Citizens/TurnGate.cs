namespace CreditGrains.Grains.Citizens;

/// <summary>Keeps the calls of a citizen's grain apart from whoever acts on the citizen from another thread.</summary>
/// <remarks>
/// The runtime runs one turn of a grain at a time, so calls need nothing between themselves. A verdict of the log, and entries from the
/// partition's intake, would each cost a turn, which is dearer than what they do. They come in alone instead, if no call is under way,
/// for as long as deciding or folding takes: microseconds, without an await. A call that arrives meanwhile spins. Four bytes a citizen.
/// </remarks>
internal struct TurnGate
{
    private const int Alone = -1;

    private int _held; // calls under way, or Alone

    /// <summary>Begins a call, or a stretch of one. Entered and not left, the gate is closed to others for good.</summary>
    internal void Enter()
    {
        var spin = default(SpinWait);
        while (true)
        {
            var held = Volatile.Read(ref _held);
            if (held != Alone && Interlocked.CompareExchange(ref _held, held + 1, held) == held) return;
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    internal void Leave() => Interlocked.Decrement(ref _held);

    /// <summary>Comes in from another thread. False: calls are under way. Another that is in alone is waited for.</summary>
    internal bool TryEnterAlone()
    {
        var spin = default(SpinWait);
        while (true)
        {
            var held = Interlocked.CompareExchange(ref _held, Alone, 0);
            if (held != Alone) return held == 0;
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    internal void LeaveAlone() => Volatile.Write(ref _held, 0);
}
