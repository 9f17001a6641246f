namespace Fovea.Data.Batching;

/// <summary>What is kept in memory from the first epoch for the next ones. Results do not depend on it.</summary>
public enum CacheMode
{
    /// <summary>Decoded pixels if all of them are estimated to fit the budget, nothing otherwise.</summary>
    Auto,

    /// <summary>Nothing; the operating system still keeps files in memory that it has room for.</summary>
    None,

    /// <summary>The files' bytes.</summary>
    Encoded,

    /// <summary>The decoded pixels, 3 bytes each; decoding happens once.</summary>
    Decoded,
}
