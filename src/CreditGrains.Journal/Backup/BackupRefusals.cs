using System.Collections.Immutable;
using System.Globalization;

namespace CreditGrains.Journal;

/// <summary>Why a backup or a restore is not begun, or not ended. The numbers are never reused.</summary>
public enum BackupRefusal
{
    /// <summary>The folder is not there, holds no finished backup, or holds other files.</summary>
    NotABackup = 1,

    /// <summary>Another backup or restore uses the folder.</summary>
    InUse = 2,

    /// <summary>The backup was written in a format that this build does not read.</summary>
    LaterFormat = 3,

    /// <summary>The store to be backed up holds no ledger.</summary>
    NoLedger = 4,

    /// <summary>The folder holds the backup of another ledger.</summary>
    AnotherLedger = 5,

    /// <summary>The ledger was cut into other partitions since the backup began.</summary>
    OtherPartitions = 6,

    /// <summary>A partition does not continue what the backup holds of it: it was restored from an earlier state, or has lost its end.</summary>
    OtherHistory = 7,

    /// <summary>The store to restore into holds a ledger.</summary>
    TargetHoldsLedger = 8,

    /// <summary>The store to restore into holds rows that are not of this backup.</summary>
    TargetHoldsOtherRows = 9,

    /// <summary>A row of the backup is larger than the store to restore into can take.</summary>
    RowTooLarge = 10,
}

/// <summary>A backup or a restore was refused. Nothing that was there has been changed. The message names places, never contents.</summary>
public sealed class BackupRefusedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="message">What is in the way and what to do.</param>
    /// <param name="inner">What was noticed first, if anything.</param>
    public BackupRefusedException(BackupRefusal refusal, string message, Exception? inner = null)
        : base(message, inner) => Refusal = refusal;

    /// <summary>Gets why.</summary>
    public BackupRefusal Refusal { get; }
}

/// <summary>What can be wrong with a file of a backup. The numbers are in reports and never reused.</summary>
public enum BackupFault
{
    /// <summary>The file is not there.</summary>
    Missing = 1,

    /// <summary>The file ends too early, or goes on after its end.</summary>
    Torn = 2,

    /// <summary>Bytes of the file are not those that were written, or its end is missing.</summary>
    ChecksumMismatch = 3,

    /// <summary>The file is sound and is not the one that should have this name.</summary>
    AnotherFile = 4,

    /// <summary>The file is sound and cannot be decoded.</summary>
    Undecodable = 5,

    /// <summary>A record that a batch lists is not in the backup, or is another.</summary>
    RecordMissing = 6,

    /// <summary>A record is in the backup that no batch lists.</summary>
    RecordUnlisted = 7,

    /// <summary>A batch row is missing.</summary>
    BatchMissing = 8,
}

/// <summary>One place of a backup that is damaged.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Partition">The partition; -1 for the manifest, which is of all.</param>
/// <param name="FirstBatch">The first batch that may be lost by it; 0 where that is not known.</param>
/// <param name="LastBatch">The last batch that may be lost by it; 0 where that is not known.</param>
/// <param name="Fault">What is wrong.</param>
public readonly record struct BackupDamage(string File, int Partition, ulong FirstBatch, ulong LastBatch, BackupFault Fault)
{
    /// <summary>Gives file, partition, batches and fault, as an operator reads them.</summary>
    public override string ToString() => Partition < 0
        ? $"{File}: {Fault}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}: {Fault}, partition {Partition}, batches {FirstBatch} to {LastBatch}");
}

/// <summary>A backup is damaged. Nothing was restored from it.</summary>
public sealed class BackupDamagedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="damages">One or more places.</param>
    public BackupDamagedException(ImmutableArray<BackupDamage> damages)
        : base($"The backup is damaged: {damages[0]}{(damages.Length > 1 ? $", and {damages.Length - 1} more places" : "")}.") => Damages = damages;

    /// <summary>Makes the exception for one place.</summary>
    /// <param name="damage">The place.</param>
    public BackupDamagedException(BackupDamage damage)
        : this([damage]) { }

    /// <summary>Gets every damaged place that was found, the first of each partition.</summary>
    public ImmutableArray<BackupDamage> Damages { get; }
}
