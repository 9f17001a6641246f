using Fovea.Data.Downloads;
using Fovea.Images;
using Fovea.Pretrained;
using Fovea.Recipes;

namespace Fovea.Sources;

/// <summary>What is said of a model beside its place.</summary>
public sealed record LoadOptions
{
    /// <summary>What replaces values of its preprocessing, the image size included; null, the default, for nothing.</summary>
    public PreprocessingChoice? Images { get; init; }

    /// <summary>Of a run: <c>best</c>, <c>latest</c>, or the name of a kept checkpoint such as <c>epoch-0010</c>. Default best.</summary>
    public string Checkpoint { get; init; } = "best";

    /// <summary>
    /// Of an ONNX file: another one that makes its input from images, by taking numbers off and ordering channels. Empty, the default, for one that stands
    /// beside it, as in ML.NET's packages (<c>ResNetPrepOnnx/ResNetPreprocess.onnx</c>), or for none.
    /// </summary>
    public string Preprocess { get; init; } = "";

    /// <summary>Of a name in the catalogue or a Darknet cfg: a file of weights. Empty, the default, for none, or that beside the cfg.</summary>
    public string Weights { get; init; } = "";

    /// <summary>Whether weights and names of classes that stand beside a Darknet cfg are taken where none are named. Default true.</summary>
    public bool TakesBeside { get; init; } = true;

    /// <summary>The part of that file to read, where it has several; empty, the default, for the usual one.</summary>
    public string WeightsKey { get; init; } = "";

    /// <summary>
    /// Of a name in the catalogue, in place of a file: published weights, by a name as <see cref="WeightsCatalog.Find"/> takes it; they are fetched where they
    /// are not in the cache. Empty, the default, for none.
    /// </summary>
    public string Pretrained { get; init; } = "";

    /// <summary>Of a name in the catalogue: the classes; null, the default, for as many as the weights are for.</summary>
    public int? Classes { get; init; }

    /// <summary>The alternatives that the recipes of runs may name. Default Fovea's own.</summary>
    public RecipeKinds Kinds { get; init; } = RecipeKinds.Default;

    /// <summary>Where published weights are kept; null, the default, for what the environment names (<see cref="WeightsCache.OfEnvironment"/>).</summary>
    public WeightsCache? Cache { get; init; }

    /// <summary>Told how far a download is, often; null, the default, for nobody.</summary>
    public Action<DownloadProgress>? Downloading { get; init; }

    /// <summary>Ends a download; what has come is kept. Default never.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Told what was done to get at the model; null, the default, for nobody.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Told of damage that was passed over; null, the default, for nobody.</summary>
    public Action<string>? Warn { get; init; }
}
