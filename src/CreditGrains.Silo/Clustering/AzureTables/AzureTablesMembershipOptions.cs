using System.ComponentModel.DataAnnotations;
using CreditGrains.Journal.AzureTables;

namespace CreditGrains.Silo.Clustering.AzureTables;

/// <summary>Where the silos of a cluster find each other.</summary>
internal sealed class AzureTablesMembershipOptions : IValidatableObject
{
    /// <summary>Gets the storage account. All silos of a cluster name the same.</summary>
    /// <value>No default.</value>
    [Required]
    public AzureTablesAccount? Account { get; init; }

    /// <summary>Gets the table's name. It is made if it is not there; clusters of different names may share one.</summary>
    /// <value>Default <c>creditgrainsmembers</c>; 3 to 63 letters and digits, a letter first.</value>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string Table { get; init; } = "creditgrainsmembers";

    /// <summary>Gets how long one request may take.</summary>
    /// <value>Default 10 s. A silo that cannot reach the table for longer cannot say that it is alive.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how old a client's list of gateways may become.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan GatewaysFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Checks the account.</summary>
    /// <param name="validationContext">Passed on.</param>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Account?.Validate(validationContext) ?? [];
}
