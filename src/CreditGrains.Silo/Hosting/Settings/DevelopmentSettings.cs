using System.ComponentModel.DataAnnotations;
using CreditGrains.Journal;

namespace CreditGrains.Silo.Hosting;

/// <summary>What is only for trying things out, and for tests.</summary>
internal sealed class DevelopmentSettings
{
    /// <summary>Gets or sets the newest format of records that is read and written: less than the newest known makes this build behave as an older one.</summary>
    /// <value>Default <see cref="LedgerFormats.NewestKnown"/>; from <see cref="LedgerFormats.OldestKnown"/> to that.</value>
    [Range(LedgerFormats.OldestKnown, LedgerFormats.NewestKnown)]
    public int NewestFormat { get; set; } = LedgerFormats.NewestKnown;
}
