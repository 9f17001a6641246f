using System.Globalization;
using System.Text.Json;
using Fovea.Tensors;

namespace Fovea.Models.Parity;

/// <summary>How far a model is from its fixture. Numbers that were not measured are null.</summary>
public sealed class ParityResult
{
    private readonly List<string> _failures = [];

    internal ParityResult(string id, string model, string backend, DType precision) => (Id, Model, Backend, Precision) = (id, model, backend, precision);

    /// <summary>The fixture.</summary>
    public string Id { get; }

    /// <summary>The model of the catalogue.</summary>
    public string Model { get; }

    /// <summary>The backend that ran it.</summary>
    public string Backend { get; }

    /// <summary>The precision that the tolerances were chosen for.</summary>
    public DType Precision { get; }

    /// <summary>Whether nothing failed.</summary>
    public bool Passed => _failures.Count == 0;

    /// <summary>What failed: what it is, its value, what was wanted.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Logits of the noise images, evaluated: relative L2.</summary>
    public double? LogitsRelativeError { get; internal set; }

    /// <summary>Logits of the images with large-scale structure, evaluated: relative L2.</summary>
    public double? LogitsBlocksRelativeError { get; internal set; }

    /// <summary>Logits with the weights of the fixture that this one is an alias of: relative L2.</summary>
    public double? AliasLogitsRelativeError { get; internal set; }

    /// <summary>Logits in training mode: relative L2.</summary>
    public double? TrainLogitsRelativeError { get; internal set; }

    /// <summary>The loss in training mode: relative difference.</summary>
    public double? LossRelativeError { get; internal set; }

    /// <summary>Running statistics after one step: the worst relative difference of a norm.</summary>
    public double? RunningRelativeError { get; internal set; }

    /// <summary>Gradients: the median relative difference of a norm; norms below 1e-4 of the total count as that much.</summary>
    public double? MedianGradientRelativeError { get; internal set; }

    /// <summary>
    /// The gradient whose norm differs most, by the fixture's name, and the relative difference after an allowance of 1e-5 of the total norm
    /// (some gradients are zero in theory).
    /// </summary>
    public (string Name, double RelativeError)? WorstGradient { get; internal set; }

    /// <summary>Logits of the re-parameterised form: relative L2.</summary>
    public double? DeployLogitsRelativeError { get; internal set; }

    /// <summary>Tensors of the re-parameterised form: the worst relative difference of a norm.</summary>
    public double? DeployTensorRelativeError { get; internal set; }

    /// <summary>Writes the result as one JSON object, in snake_case; what was not measured is null.</summary>
    public void Write(Utf8JsonWriter to)
    {
        to.WriteStartObject();
        to.WriteString("id", Id);
        to.WriteString("model", Model);
        to.WriteString("backend", Backend);
        to.WriteString("precision", Precision == DType.BFloat16 ? "bf16" : "fp32");
        to.WriteBoolean("passed", Passed);
        WriteNumber(to, "logits_relative_error", LogitsRelativeError);
        WriteNumber(to, "logits_blocks_relative_error", LogitsBlocksRelativeError);
        WriteNumber(to, "alias_logits_relative_error", AliasLogitsRelativeError);
        WriteNumber(to, "train_logits_relative_error", TrainLogitsRelativeError);
        WriteNumber(to, "loss_relative_error", LossRelativeError);
        WriteNumber(to, "running_relative_error", RunningRelativeError);
        WriteNumber(to, "median_gradient_relative_error", MedianGradientRelativeError);
        WriteWorst(to);
        WriteNumber(to, "deploy_logits_relative_error", DeployLogitsRelativeError);
        WriteNumber(to, "deploy_tensor_relative_error", DeployTensorRelativeError);
        to.WriteStartArray("failures");
        foreach (var failure in _failures) to.WriteStringValue(failure);
        to.WriteEndArray();
        to.WriteEndObject();
    }

    internal void Fail(string what) => _failures.Add(what);

    /// <summary>Fails unless the error is at most the limit; one that is no number fails.</summary>
    internal void Want(string what, double error, double limit)
    {
        if (!(error <= limit)) Fail(string.Create(CultureInfo.InvariantCulture, $"{what}: {error:G3}; wanted at most {limit:G3}"));
    }

    /// <summary>Fails unless the two are equal.</summary>
    internal void WantEqual<T>(string what, T is_, T wanted)
    {
        if (!EqualityComparer<T>.Default.Equals(is_, wanted)) Fail($"{what}: {is_}; wanted {wanted}");
    }

    private static void WriteNumber(Utf8JsonWriter to, string name, double? number)
    {
        // JSON has no word for infinity and NaN.
        if (number is { } x && double.IsFinite(x)) to.WriteNumber(name, x);
        else to.WriteNull(name);
    }

    private void WriteWorst(Utf8JsonWriter to)
    {
        if (WorstGradient is not { } worst)
        {
            to.WriteNull("worst_gradient");
            return;
        }

        to.WriteStartObject("worst_gradient");
        to.WriteString("name", worst.Name);
        WriteNumber(to, "relative_error", worst.RelativeError);
        to.WriteEndObject();
    }
}
