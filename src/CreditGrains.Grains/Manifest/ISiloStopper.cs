namespace CreditGrains.Grains.Manifest;

/// <summary>Ends this silo, in whatever way its host ends one in good order. The host registers it.</summary>
public interface ISiloStopper
{
    /// <summary>Begins to stop the silo and returns without waiting for it; it may be called more than once.</summary>
    /// <param name="reason">Why, for the operator: a sentence that names no citizen.</param>
    void Stop(string reason);
}
