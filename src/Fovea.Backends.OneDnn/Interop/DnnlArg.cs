namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The names of a primitive's arguments, as in dnnl_types.h; equal in 2.6 and 3.x.</summary>
internal static class DnnlArg
{
    internal const int DNNL_ARG_SRC = 1;
    internal const int DNNL_ARG_FROM = 1;
    internal const int DNNL_ARG_DST = 17;
    internal const int DNNL_ARG_TO = 17;
    internal const int DNNL_ARG_WEIGHTS = 33;
    internal const int DNNL_ARG_BIAS = 41;
    internal const int DNNL_ARG_WORKSPACE = 64;
    internal const int DNNL_ARG_SCRATCHPAD = 80;
    internal const int DNNL_ARG_DIFF_SRC = 129;
    internal const int DNNL_ARG_DIFF_DST = 145;
    internal const int DNNL_ARG_DIFF_WEIGHTS = 161;
    internal const int DNNL_ARG_DIFF_BIAS = 169;
    internal const int DNNL_ARG_ATTR_SCALES = 4096;
    internal const int DNNL_ARG_ATTR_ZERO_POINTS = 8192;
}
