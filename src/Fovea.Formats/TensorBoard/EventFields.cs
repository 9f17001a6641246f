namespace Fovea.Formats.TensorBoard;

/// <summary>Field numbers and enumerators of event.proto, summary.proto, tensor.proto and tensor_shape.proto (tensorflow/core).</summary>
internal static class EventFields
{
    internal const int WallTime = 1;
    internal const int Step = 2;
    internal const int FileVersion = 3;
    internal const int Summary = 5;
    internal const int SessionLog = 7;

    internal const int SessionStatus = 1;
    internal const int SessionStart = 1;

    internal const int SummaryValue = 1;
    internal const int ValueTag = 1;
    internal const int ValueSimple = 2;
    internal const int ValueTensor = 8;
    internal const int ValueMetadata = 9;

    internal const int MetadataPlugin = 1;
    internal const int MetadataDataClass = 4;
    internal const int DataClassTensor = 2;
    internal const int PluginName = 1;

    internal const int TensorDType = 1;
    internal const int TensorShape = 2;
    internal const int TensorString = 8;
    internal const int DTypeString = 7;
    internal const int ShapeAxis = 2;
    internal const int AxisExtent = 1;
}
