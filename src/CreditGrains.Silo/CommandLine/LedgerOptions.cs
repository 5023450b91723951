using System.CommandLine;
using System.Globalization;

namespace CreditGrains.Silo.CommandLine;

/// <summary>The options that every command takes: which ledger, and who reads the output.</summary>
internal sealed class LedgerOptions
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "The folder of a ledger on this machine",
        HelpName = "FOLDER",
        Recursive = true,
    };

    private readonly Option<string?> _connect = new("--connect")
    {
        Description = "A running silo's gateway, instead of --data",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "A silo's settings: with --data how the folder is kept, alone which shared store and which cluster",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "The file with the pseudonym key, with --connect; a ledger in a folder has its own",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _tls = new("--tls")
    {
        Description = "The folder with authority.pem, caller.pem and caller.key, to reach a running silo",
        HelpName = "FOLDER",
        Recursive = true,
    };

    private readonly Option<bool> _plainText = new("--development-plain-text")
    {
        Description = "Connect, or serve, without TLS: on this machine alone, for development",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write JSON for programs: the last line of standard output is one value",
        Recursive = true,
    };

    /// <summary>Adds the options to the root, from where every command has them.</summary>
    /// <param name="root">The root.</param>
    public void AddTo(RootCommand root)
    {
        root.Options.Add(_data);
        root.Options.Add(_connect);
        root.Options.Add(_config);
        root.Options.Add(_key);
        root.Options.Add(_tls);
        root.Options.Add(_plainText);
        root.Options.Add(_json);
    }

    /// <summary>Tells whether a program reads the output.</summary>
    /// <param name="parsed">The command line.</param>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Tells whether connections are to go without TLS, for development.</summary>
    /// <param name="parsed">The command line.</param>
    public bool IsPlainText(ParseResult parsed) => parsed.GetValue(_plainText);

    /// <summary>Tells which ledger is meant.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="UsageException">None is named, or two, or the address is none.</exception>
    public LedgerLocation LocationOf(ParseResult parsed)
    {
        var key = parsed.GetValue(_key);
        var tls = parsed.GetValue(_tls) is { } tlsFolder ? Path.GetFullPath(tlsFolder) : null;
        var config = parsed.GetValue(_config) is { } file ? Path.GetFullPath(file) : null;
        if (tls is not null && IsPlainText(parsed)) throw new UsageException("--tls and --development-plain-text contradict each other. Give one of them.");
        return (parsed.GetValue(_data), parsed.GetValue(_connect)) switch
        {
            (null, null) when config is null => throw new UsageException("Which ledger? Name its folder with --data FOLDER, a running silo with --connect HOST:PORT, or a silo's settings with --config FILE."),
            (not null, not null) => throw new UsageException("--data and --connect name two ledgers. Give one of them."),
            (_, null) when key is not null => throw new UsageException("--key goes with --connect; a ledger in a folder has its own key, and settings name it."),
            (not null, null) when tls is not null => throw new UsageException("--tls goes with --connect or --config; a ledger in a folder is reached without a connection."),
            (null, null) => new LedgerLocation.Shared(config!, tls),
            ({ Length: > 0 } folder, null) => new LedgerLocation.Folder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), config),
            (null, { } address) => Endpoint(address, key, tls, IsPlainText(parsed)) with { Settings = config },
            _ => throw new UsageException("--data needs the name of a folder."),
        };
    }

    private static LedgerLocation.Endpoint Endpoint(string address, string? key, string? tls, bool isPlainText)
    {
        // The last colon, so that an IPv6 address in brackets keeps its own.
        var colon = address.LastIndexOf(':');
        if (colon <= 0
            || !ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0)
            throw new UsageException("--connect needs HOST:PORT, such as localhost:30000.");

        return new(address[..colon].Trim('[', ']'), port, key is null ? null : Path.GetFullPath(key), tls, isPlainText);
    }
}
