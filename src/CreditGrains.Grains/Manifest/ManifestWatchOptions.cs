namespace CreditGrains.Grains.Manifest;

/// <summary>How a silo follows its ledger's manifest.</summary>
public sealed record ManifestWatchOptions
{
    /// <summary>Gets how often the manifest is read again, besides after every change of membership.</summary>
    /// <value>Default 5 s; from 1 ms to 10 min.</value>
    public TimeSpan Every
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(10));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);
}
