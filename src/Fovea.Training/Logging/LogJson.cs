using System.Text.Json;
using System.Text.Json.Serialization;
using Fovea.Json;

namespace Fovea.Training.Logging;

/// <summary>The lines of a <see cref="JsonLinesLog"/>.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(NaNAsNull)])]
[JsonSerializable(typeof(StepLine))]
[JsonSerializable(typeof(EpochLine))]
[JsonSerializable(typeof(TextLine))]
[JsonSerializable(typeof(LineStart))]
[JsonSerializable(typeof(StepTime))]
internal sealed partial class LogJson : JsonSerializerContext;

/// <summary>A <see cref="StepReport"/>.</summary>
internal sealed record StepLine(
    string Kind, DateTimeOffset Time, long Step, int Epoch, int Batch, double Loss, double MeanLoss, double Top1,
    double LearningRate, double? GradientNorm, double BatchSeconds, double ReaderSeconds, double ImagesPerSecond, double RemainingSeconds);

/// <summary>An <see cref="EpochReport"/>; what was not evaluated is null, and not written.</summary>
internal sealed record EpochLine(
    string Kind, DateTimeOffset Time, long Step, int Epoch, double LearningRate, double TrainLoss, double TrainTop1, double Seconds, double? ValLoss,
    double? ValTop1, double? ValTop5, double? ValMacro, double? ValMicro, long? ValSamples, bool IsBest, double? BestTop1, int? BestEpoch);

/// <summary>A message or a warning.</summary>
internal sealed record TextLine(string Kind, DateTimeOffset Time, long Step, string Text);

/// <summary>What tells whether a line is about what is over.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record LineStart(string Kind, long Step, int? Epoch = null);

/// <summary>Of a line of a step, the time of a batch.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record StepTime(string Kind, double BatchSeconds);
