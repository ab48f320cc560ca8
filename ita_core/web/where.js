window.__streamlit = {
  BACKEND_BASE_URL: location.origin, HOST_CONFIG: { allowedOrigins: [location.origin], ...HOST },
};
