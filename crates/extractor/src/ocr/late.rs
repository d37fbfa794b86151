//! The Tesseract library, loaded when the first page needs it.
//!
//! With the fifty libraries that it stands on it takes longer to load than most PDFs take to be read, and OpenMP obeys an
//! environment that is set before that. So the functions that the crate `tesseract` calls stand here under their own names
//! and pass on to the library once it is loaded; the linker then finds nothing left to link it for. Programs whose
//! libraries are packed with them do without the feature `late`, and link it.

use std::ffi::{c_char, c_int, c_void};
use std::sync::LazyLock;

/// The library that versions 5.x share.
const NAME: &str = "libtesseract.so.5";

macro_rules! interface {
    ($($symbol:ident($($argument:ident: $kind:ty),*) $(-> $result:ty)?;)*) => {
        #[allow(non_snake_case)]
        struct Interface {
            $($symbol: unsafe extern "C" fn($($kind),*) $(-> $result)?,)*
        }

        impl Interface {
            fn load() -> Result<Self, String> {
                // SAFETY: what the library runs when it is loaded is Tesseract's and what it stands on.
                let library = unsafe { libloading::Library::new(NAME) }.map_err(|e| e.to_string())?;
                // Never unloaded: threads may keep engines until the process ends.
                let library = Box::leak(Box::new(library));
                Ok(Self {
                    $(
                        // SAFETY: the types are those of `tesseract/capi.h`.
                        $symbol: *unsafe { library.get(concat!(stringify!($symbol), "\0").as_bytes()) }
                            .map_err(|e| e.to_string())?,
                    )*
                })
            }
        }

        $(
            // SAFETY: passes on what it is given, under the same conditions. Before the library is loaded nobody calls it;
            // who did would get a number or a pointer that is 0.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn $symbol($($argument: $kind),*) $(-> $result)? {
                match INTERFACE.as_ref() {
                    Ok(interface) => unsafe { (interface.$symbol)($($argument),*) },
                    Err(_) => unsafe { std::mem::zeroed() },
                }
            }
        )*
    };
}

interface! {
    TessVersion() -> *const c_char;
    TessBaseAPICreate() -> *mut c_void;
    TessBaseAPIDelete(handle: *mut c_void);
    TessBaseAPIInit2(handle: *mut c_void, folder: *const c_char, model: *const c_char, mode: c_int) -> c_int;
    TessBaseAPISetVariable(handle: *mut c_void, name: *const c_char, value: *const c_char) -> c_int;
    TessBaseAPISetPageSegMode(handle: *mut c_void, mode: c_int);
    TessBaseAPISetImage(
        handle: *mut c_void, pixels: *const u8, width: c_int, height: c_int, bytes: c_int, row: c_int
    );
    TessBaseAPISetSourceResolution(handle: *mut c_void, dpi: c_int);
    TessBaseAPIRecognize(handle: *mut c_void, monitor: *mut c_void) -> c_int;
    TessBaseAPIGetTsvText(handle: *mut c_void, page: c_int) -> *mut c_char;
    TessBaseAPIGetHOCRText(handle: *mut c_void, page: c_int) -> *mut c_char;
    TessDeleteText(text: *const c_char);
}

static INTERFACE: LazyLock<Result<Interface, String>> = LazyLock::new(Interface::load);

/// Loads the library.
///
/// # Errors
/// Why it could not be loaded.
pub(super) fn load() -> Result<(), String> {
    INTERFACE.as_ref().map(|_| ()).map_err(Clone::clone)
}
