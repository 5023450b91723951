using System.ComponentModel.DataAnnotations;

namespace CreditGrains.Client;

/// <summary>How one end of a connection proves who it is, and whom it believes. Both ends do both: TLS is mutual.</summary>
/// <remarks>
/// Files are looked at again while the process runs: a certificate that was replaced is used for the connections made from then on, and those that
/// are open stay open. A replacement that cannot be used is logged, and the certificate in use is kept.
/// </remarks>
public sealed class LedgerTlsOptions
{
    /// <summary>Gets or sets the file with this end's certificate, PEM; certificates between it and the authority may follow it.</summary>
    /// <value>No default.</value>
    [Required]
    public string CertificateFile { get; set; } = "";

    /// <summary>Gets or sets the file with the certificate's private key, PEM, not encrypted; readable by its owner alone.</summary>
    /// <value>No default.</value>
    [Required]
    public string KeyFile { get; set; } = "";

    /// <summary>Gets or sets the file with the authorities, PEM, one or more, whose certificates are believed. The machine's own are not.</summary>
    /// <value>No default. A change of authority is: add the new one everywhere, replace the certificates, take the old one away.</value>
    [Required]
    public string AuthorityFile { get; set; } = "";

    /// <summary>Gets or sets the name that every silo's certificate carries as a DNS name, and no client's.</summary>
    /// <value>Default <c>silo.creditgrains</c>. Silos are reached by address, so the name is the cluster's and not a machine's.</value>
    [Required]
    public string SiloName { get; set; } = "silo.creditgrains";

    /// <summary>Gets or sets how long a handshake may take before the connection is given up.</summary>
    /// <value>Default 10 s; from 100 ms to 2 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how often the files are looked at, at most: it happens when a connection is made.</summary>
    /// <value>Default 5 s; from 0, at every connection, to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LookAgainAfter { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>A certificate, key or authority cannot be used. The message names the file and what to do; it shows nothing of the key.</summary>
public sealed class CertificateUnusableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which file, and what is wrong with it.</param>
    /// <param name="inner">What was noticed first.</param>
    public CertificateUnusableException(string message, Exception? inner = null) : base(message, inner) { }
}
