using System.ComponentModel.DataAnnotations;
using System.Net;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.Configuration;

namespace CreditGrains.Silo.Hosting;

/// <summary>Reads a silo's settings from a file and refuses what is not right in it.</summary>
internal static class SiloSettingsFile
{
    /// <summary>Reads and checks a file of settings.</summary>
    /// <param name="file">The file; null gives the defaults.</param>
    /// <exception cref="UsageException">It is missing, is not JSON, has an unknown key, or a value out of its range. The message names the key.</exception>
    internal static SiloSettings Read(string? file)
    {
        var settings = new SiloSettings();
        if (file is not null)
        {
            if (!File.Exists(file)) throw new UsageException($"The settings file {file} does not exist.");
            try
            {
                new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).Build()
                    .Bind(settings, binder => binder.ErrorOnUnknownConfiguration = true);
            }
            catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException or FormatException)
            {
                throw new UsageException($"{file}: {(failure.InnerException ?? failure).Message}");
            }
        }

        if (file is not null)
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            settings.Tls.ResolveAgainst(folder);
            settings.Store.ResolveAgainst(folder);
            settings.Keys.ResolveAgainst(folder);
            settings.Operations.ResolveAgainst(folder);
        }

        Check(settings, file);
        return settings;
    }

    /// <summary>Checks every range.</summary>
    /// <exception cref="UsageException">A value is out of its range. The message names the key.</exception>
    internal static void Check(SiloSettings settings, string? file)
    {
        (object, string)[] parts =
        [
            (settings, ""), (settings.Tls, "tls."), (settings.NewLedger, "newLedger."), (settings.Store, "store."), settings.Store.Chosen,
            (settings.Membership, "membership."), (settings.Partition, "partition."), (settings.Operations, "operations."),
            (settings.Development, "development."),
        ];
        foreach (var (part, name) in parts)
        {
            var faults = new List<ValidationResult>();
            if (Validator.TryValidateObject(part, new ValidationContext(part), faults, validateAllProperties: true)) continue;
            var fault = faults[0];
            throw new UsageException($"{file ?? "settings"}: {name}{fault.MemberNames.FirstOrDefault()}: {fault.ErrorMessage}");
        }

        var where = file ?? "settings";
        if (!IPAddress.TryParse(settings.Address, out var address)) throw new UsageException($"{where}: address: {settings.Address} is no IP address.");
        if (!settings.HostsCitizens && !settings.Store.IsShared) throw new UsageException($"{where}: hostsCitizens: a silo that is alone has nobody to pass calls on to.");
        if (!settings.Tls.NamesNoFile && !settings.Tls.NamesEveryFile) throw new UsageException($"{where}: tls: certificate, key and authority go together; name all three files.");
        if (settings.Tls is { DevelopmentPlainText: true, NamesNoFile: false }) throw new UsageException($"{where}: tls: developmentPlainText and certificates contradict each other. Take one of them out.");
        if (!settings.Tls.NamesEveryFile && !IPAddress.IsLoopback(address))
            throw new UsageException($"{where}: address: without certificates connections are not encrypted, so that only a loopback address such as 127.0.0.1 is accepted. Name certificates under tls.");
        settings.Operations.Check(settings.Tls, where);
    }
}
