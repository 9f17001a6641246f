namespace Fovea.Data.Transfer;

/// <summary>How patient a transfer from a server is.</summary>
public sealed record TransferOptions
{
    /// <summary>How often in a row a connection may fail, or end before a byte has come. Default 6.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The wait before the second attempt in a row; it doubles with each, up to 32 times. Default 0.5 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a server may be silent before the connection counts as failed. Default 60 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);
}
