namespace CreditGrains.Client;

/// <summary>Changes and reads the register of scoring models. One instance serves a whole process; all members may be called concurrently.</summary>
/// <remarks>
/// The register's answers come back as values. A change whose answer got lost is told by the list; a registration sent again is refused as
/// <see cref="ModelRefusal.AlreadyRegistered"/>, with the version that it became.
/// </remarks>
public interface IModelRegister
{
    /// <summary>Brings a new version of a model.</summary>
    /// <param name="model">Which model: <c>standard</c> or <c>thin-file</c>.</param>
    /// <param name="document">The ledger's JSON, or PMML.</param>
    /// <param name="person">Who brings it.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="LedgerUnreachableException">The register stayed silent through every attempt.</exception>
    Task<ModelOutcome> RegisterAsync(string model, string document, string person, CancellationToken cancellation = default);

    /// <summary>Proposes to move a version.</summary>
    /// <param name="version">Which.</param>
    /// <param name="state">Where to.</param>
    /// <param name="person">Who proposes.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="LedgerUnreachableException">The register stayed silent through every attempt.</exception>
    Task<ModelOutcome> ProposeAsync(ModelVersion version, ModelState state, string person, CancellationToken cancellation = default);

    /// <summary>Approves a proposed move.</summary>
    /// <param name="version">Which.</param>
    /// <param name="state">Where to.</param>
    /// <param name="person">Who approves: another than who proposed or registered.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="LedgerUnreachableException">The register stayed silent through every attempt.</exception>
    Task<ModelOutcome> ApproveAsync(ModelVersion version, ModelState state, string person, CancellationToken cancellation = default);

    /// <summary>Lists all versions.</summary>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="LedgerUnreachableException">The register stayed silent through every attempt.</exception>
    Task<ReadAnswer<ModelList>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Reads a version's document.</summary>
    /// <param name="version">Which.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>A bad request of the field <c>version</c> if there is none.</returns>
    /// <exception cref="LedgerUnreachableException">The register stayed silent through every attempt.</exception>
    Task<ReadAnswer<ModelDocument>> ReadAsync(ModelVersion version, CancellationToken cancellation = default);
}
