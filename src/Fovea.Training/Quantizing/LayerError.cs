namespace Fovea.Training.Quantizing;

/// <summary>How far a product is off in integers, on the images of the calibration.</summary>
/// <param name="Name">The name of its weight.</param>
/// <param name="L1">The mean of |difference|.</param>
/// <param name="RelativeL1">The sum of |difference| over that of |expected|.</param>
/// <param name="RelativeSquared">The sum of difference² over that of expected²: one over the signal-to-noise ratio.</param>
/// <param name="Cosine">The cosine between both; 1 where they are the same but for a factor.</param>
public sealed record LayerError(string Name, double L1, double RelativeL1, double RelativeSquared, double Cosine);
