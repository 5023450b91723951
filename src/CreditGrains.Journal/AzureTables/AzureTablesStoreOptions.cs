using System.ComponentModel.DataAnnotations;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;

namespace CreditGrains.Journal.AzureTables;

/// <summary>Which storage accounts keep the journal, and how hard they are pressed.</summary>
public sealed class AzureTablesStoreOptions : IValidatableObject
{
    /// <summary>
    /// Gets the storage accounts, each with a table of the same name. Partition <em>p</em> lies in account <em>p</em> modulo their number, so
    /// number and order are fixed with the first opening and kept in the tables; an opening with other accounts is refused.
    /// </summary>
    /// <value>At least one, at most 256.</value>
    [Required, MinLength(1), MaxLength(256)]
    public IReadOnlyList<AzureTablesAccount> Accounts { get; init; } = [];

    /// <summary>Gets the table's name in every account. It is made if it is not there.</summary>
    /// <value>Default <c>creditgrains</c>; 3 to 63 letters and digits, a letter first.</value>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string Table { get; init; } = "creditgrains";

    /// <summary>Gets how many transactions may be under way at once in one account. More wait their turn, and may be given up for not written.</summary>
    /// <value>Default 128.</value>
    [Range(1, 4096)]
    public int MaxTransactionsInFlight { get; init; } = 128;

    /// <summary>Gets how long one request may take. A write that takes longer has an unknown outcome; a read is tried again.</summary>
    /// <value>Default 30 s. The journal usually gives up earlier, see <see cref="PartitionLogOptions.InsertTimeout"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how often a read that failed in passing is tried again. Writes never are.</summary>
    /// <value>Default 3. Zero: the first failure is the answer.</value>
    [Range(0, 10)]
    public int ReadRetries { get; init; } = 3;

    /// <summary>Gets what makes the transport of requests, for tests.</summary>
    internal Func<HttpPipelineTransport, HttpPipelineTransport> Transport { get; init; } = static transport => transport;

    /// <summary>Checks what a single attribute cannot.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>What is wrong, account by account, by position: connection strings are secrets.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Accounts.Count; i++)
        {
            foreach (var fault in Accounts[i].Validate(validationContext)) yield return new($"Account {i}: {fault.ErrorMessage}", [nameof(Accounts)]);
        }
    }
}

/// <summary>One storage account, by connection string or by endpoint and managed identity.</summary>
public sealed class AzureTablesAccount : IValidatableObject
{
    /// <summary>Gets the account's connection string. A secret: it is never logged.</summary>
    /// <value>Default null: <see cref="Endpoint"/> is used.</value>
    public string? ConnectionString { get; init; }

    /// <summary>Gets the account's table endpoint, such as <c>https://name.table.core.windows.net</c>, for access by managed identity.</summary>
    /// <value>Default null: <see cref="ConnectionString"/> is used.</value>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the client id of a user-assigned managed identity.</summary>
    /// <value>Default null: the machine's own identity. Either needs the role <c>Storage Table Data Contributor</c>.</value>
    public string? ManagedIdentityClientId { get; init; }

    /// <summary>Makes a client of the account's tables. It sends nothing yet.</summary>
    /// <param name="options">How it sends.</param>
    /// <exception cref="ValidationException">The connection string is malformed. The message does not quote it.</exception>
    public TableServiceClient CreateClient(TableClientOptions options)
    {
        if (Endpoint is not null) return new(Endpoint, new ManagedIdentityCredential(IdentityId), options);
        try
        {
            return new(ConnectionString, options);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            // Without what was said about it: it quotes the connection string.
            throw new ValidationException("The connection string of a storage account is malformed.");
        }
    }

    /// <summary>Checks that there is one way in, and that it is not in the clear.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>What is wrong. Never quotes a connection string.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(ConnectionString) == (Endpoint is null))
            yield return new("Give either a connection string or an endpoint.", [nameof(ConnectionString), nameof(Endpoint)]);
        if (Endpoint is null && ManagedIdentityClientId is not null)
            yield return new("A managed identity goes with an endpoint.", [nameof(ManagedIdentityClientId)]);

        // A token sent in the clear would be anybody's.
        if (Endpoint is { } endpoint && !(endpoint.IsAbsoluteUri && endpoint.Scheme == Uri.UriSchemeHttps))
            yield return new("The endpoint is not https.", [nameof(Endpoint)]);
    }

    private ManagedIdentityId IdentityId =>
        ManagedIdentityClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned;
}
