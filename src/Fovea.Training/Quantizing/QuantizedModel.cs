using Fovea.Formats.Artefact;
using Fovea.Quantization;

namespace Fovea.Training.Quantizing;

/// <summary>A model in integers, and what it lost.</summary>
/// <param name="Model">The model: its graph holds integers, the weights of its products are s8.</param>
/// <param name="Scheme">How its tensors are held.</param>
/// <param name="Layers">How far each product is off, all of them in integers together, in their order.</param>
/// <param name="Images">The images of the calibration.</param>
public sealed record QuantizedModel(FoveaModel Model, QuantizationScheme Scheme, IReadOnlyList<LayerError> Layers, int Images);
