using System.ComponentModel.DataAnnotations;

namespace CreditGrains.Silo.Hosting;

/// <summary>How silos and callers prove who they are to each other.</summary>
internal sealed class TlsSettings
{
    /// <summary>Gets or sets whether connections are neither encrypted nor authenticated, for development on one machine.</summary>
    /// <value>Default false. With it only a loopback address is accepted, and none of the files may be named.</value>
    public bool DevelopmentPlainText { get; set; }

    /// <summary>Gets or sets the file with this silo's certificate, PEM, followed by those between it and the authority.</summary>
    /// <value>No default. Relative to the settings file.</value>
    public string? Certificate { get; set; }

    /// <summary>Gets or sets the file with the certificate's private key, PEM, not encrypted.</summary>
    /// <value>No default. Relative to the settings file.</value>
    public string? Key { get; set; }

    /// <summary>Gets or sets the file with the authorities that silos and callers are believed of, PEM.</summary>
    /// <value>No default. Relative to the settings file.</value>
    public string? Authority { get; set; }

    /// <summary>Gets or sets the DNS name that every silo's certificate carries and no caller's.</summary>
    /// <value>Default <c>silo.creditgrains</c>.</value>
    [Required]
    public string SiloName { get; set; } = "silo.creditgrains";

    /// <summary>Gets or sets how long a handshake may take.</summary>
    /// <value>Default 10 s; from 100 ms to 2 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how often the files are looked at again, at most.</summary>
    /// <value>Default 5 s; from 0 to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LookAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets whether none of the files is named.</summary>
    internal bool NamesNoFile => Certificate is null && Key is null && Authority is null;

    /// <summary>Gets whether all of the files are named.</summary>
    internal bool NamesEveryFile => Certificate is not null && Key is not null && Authority is not null;

    /// <summary>Takes names of files that are not absolute as beside the settings.</summary>
    /// <param name="folder">The settings file's folder.</param>
    internal void ResolveAgainst(string folder)
    {
        Certificate = Certificate is null ? null : Path.GetFullPath(Certificate, folder);
        Key = Key is null ? null : Path.GetFullPath(Key, folder);
        Authority = Authority is null ? null : Path.GetFullPath(Authority, folder);
    }

    /// <summary>Sets options to these settings.</summary>
    /// <param name="options">The options.</param>
    internal void Apply(Client.LedgerTlsOptions options)
    {
        options.CertificateFile = Certificate!;
        options.KeyFile = Key!;
        options.AuthorityFile = Authority!;
        options.SiloName = SiloName;
        options.HandshakeTimeout = HandshakeTimeout;
        options.LookAgainAfter = LookAgainAfter;
    }
}
